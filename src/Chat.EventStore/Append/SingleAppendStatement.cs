using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>
/// The call of <c>append_event</c>: the shorter way for a batch that is one event and asks for nothing.
/// </summary>
internal sealed class SingleAppendStatement : IAsyncDisposable
{
    private readonly NpgsqlCommand command;

    private SingleAppendStatement(NpgsqlConnection connection, string extensionSchema)
    {
        NpgsqlDbType[] types =
        [
            NpgsqlDbType.Uuid, NpgsqlDbType.Text, NpgsqlDbType.Uuid, NpgsqlDbType.Text, NpgsqlDbType.Text,
            NpgsqlDbType.Jsonb, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Jsonb, NpgsqlDbType.TimestampTz,
        ];
        var places = string.Join(", ", types.Select((_, index) => $"${index + 1}"));
        command = new($"SELECT * FROM {extensionSchema}.append_event({places})", connection) { CommandTimeout = 0 };
        foreach (var type in types)
            command.Parameters.Add(new() { NpgsqlDbType = type, Value = DBNull.Value });
    }

    public static async Task<SingleAppendStatement> PrepareAsync(
        NpgsqlConnection connection, string extensionSchema, CancellationToken cancellationToken)
    {
        var statement = new SingleAppendStatement(connection, extensionSchema);
        await statement.command.PrepareAsync(cancellationToken);
        return statement;
    }

    /// <summary>Whether it can write these appends.</summary>
    public static bool Fits(IReadOnlyList<EncodedAppend> appends) => appends is
        [{ Events: [{ Tags.Count: 0 }], Keys.Count: 0, Condition: { ExpectedVersion: null, Tags.Count: 0 } }];

    public async Task<BatchOutcome> ExecuteAsync(IReadOnlyList<EncodedAppend> appends, DateTimeOffset writtenAt)
    {
        var append = appends[0];
        var one = append.Events[0];
        object?[] values =
        [
            append.StreamId, append.Source.StreamType, one.Id, one.Type.Alias, one.Type.DotNetTypeName, one.Json,
            append.Source.Metadata.CorrelationId, append.Source.Metadata.CausationId, append.Headers,
            writtenAt.UtcDateTime,
        ];
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        var isRepeated = reader.GetBoolean(0);
        var answer = new BatchAnswer
        {
            Streams = [1],
            BaseVersions = [isRepeated ? 0 : reader.GetInt64(1) - 1],
            Repeated = isRepeated ? [1] : [],
            Busy = [],
            Archived = [],
            Unkeyed = [],
            Refused = [],
            FirstSequence = isRepeated ? null : reader.GetInt64(2),
            Sequences = [],
        };

        // The statement commits now; only the end of its answer says that it did.
        await reader.CloseAsync();
        return new(appends, answer, writtenAt);
    }

    public ValueTask DisposeAsync() => command.DisposeAsync();
}
