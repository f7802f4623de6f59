using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>The call of <c>append_events</c>: one prepared statement that is filled anew for each batch.</summary>
internal sealed class AppendStatement : IAsyncDisposable
{
    private const NpgsqlDbType Array = NpgsqlDbType.Array;

    private readonly NpgsqlCommand command;

    public AppendStatement(NpgsqlConnection connection, string extensionSchema)
    {
        NpgsqlDbType[] types =
        [
            Array | NpgsqlDbType.Uuid, Array | NpgsqlDbType.Text, Array | NpgsqlDbType.Bigint,
            Array | NpgsqlDbType.Integer, Array | NpgsqlDbType.Uuid, Array | NpgsqlDbType.Bigint,
            Array | NpgsqlDbType.Integer, Array | NpgsqlDbType.Text, Array | NpgsqlDbType.Bigint,
            Array | NpgsqlDbType.Integer, Array | NpgsqlDbType.Uuid, Array | NpgsqlDbType.Uuid,
            Array | NpgsqlDbType.Integer, Array | NpgsqlDbType.Integer, Array | NpgsqlDbType.Bigint,
            Array | NpgsqlDbType.Uuid, Array | NpgsqlDbType.Text, Array | NpgsqlDbType.Text,
            Array | NpgsqlDbType.Jsonb, Array | NpgsqlDbType.Text, Array | NpgsqlDbType.Text,
            Array | NpgsqlDbType.Jsonb,
            Array | NpgsqlDbType.Integer, Array | NpgsqlDbType.Integer,
            Array | NpgsqlDbType.Integer, Array | NpgsqlDbType.Text,
            NpgsqlDbType.TimestampTz, NpgsqlDbType.Boolean,
        ];
        var places = string.Join(", ", types.Select((_, index) => $"${index + 1}"));
        command = new($"SELECT * FROM {extensionSchema}.append_events({places})", connection) { CommandTimeout = 0 };
        foreach (var type in types)
            command.Parameters.Add(new() { NpgsqlDbType = type, Value = DBNull.Value });
    }

    public static async Task<AppendStatement> PrepareAsync(
        NpgsqlConnection connection, string extensionSchema, CancellationToken cancellationToken)
    {
        var statement = new AppendStatement(connection, extensionSchema);
        await statement.command.PrepareAsync(cancellationToken);
        return statement;
    }

    /// <summary>Writes the appends, in the connection's transaction or in one of its own.</summary>
    /// <param name="appends">The appends.</param>
    /// <param name="writtenAt">The timestamp of the events.</param>
    /// <param name="isCareful">
    /// Look first which streams somebody else has locked, and leave them out, instead of running into the lock.
    /// </param>
    public async Task<BatchOutcome> ExecuteAsync(
        IReadOnlyList<EncodedAppend> appends, DateTimeOffset writtenAt, bool isCareful)
    {
        var columns = new BatchColumns(appends);
        Fill(columns, writtenAt, isCareful);
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        var answer = new BatchAnswer
        {
            Streams = columns.RequestStreams,
            BaseVersions = reader.GetFieldValue<long[]>(0),
            Repeated = Optional<int>(reader, 1),
            Busy = Optional<int>(reader, 2),
            Archived = Optional<int>(reader, 3),
            Unkeyed = Optional<int>(reader, 4),
            Refused = Optional<int>(reader, 5),
            FirstSequence = reader.IsDBNull(6) ? null : reader.GetInt64(6),
            Sequences = Optional<long>(reader, 7),
        };

        // Without a transaction of the caller's, the statement commits now; only the end of its answer says that it
        // did.
        await reader.CloseAsync();
        return new(appends, answer, writtenAt);
    }

    public ValueTask DisposeAsync() => command.DisposeAsync();

    private static T[] Optional<T>(NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? [] : reader.GetFieldValue<T[]>(ordinal);

    private void Fill(BatchColumns columns, DateTimeOffset writtenAt, bool isCareful)
    {
        var place = 0;
        Next(columns.StreamIds);
        Next(columns.StreamTypes);
        Next(columns.StreamGains);
        Next(columns.RequestStreams);
        Next(columns.RequestFirstEvents);
        Next(columns.RequestExpected);
        Next(columns.ConditionRequests);
        Next(columns.ConditionTags);
        Next(columns.ConditionSince);
        Next(columns.KeyRequests);
        Next(columns.KeySubjects);
        Next(columns.KeyIds);
        Next(columns.EventRequests);
        Next(columns.EventStreams);
        Next(columns.EventSteps);
        Next(columns.EventIds);
        Next(columns.EventTypes);
        Next(columns.EventDotNetTypes);
        Next(columns.EventData);
        Next(columns.EventCorrelations);
        Next(columns.EventCausations);
        Next(columns.EventHeaders);
        Next(columns.GroupRequests);
        Next(columns.GroupSizes);
        Next(columns.TagEvents);
        Next(columns.TagNames);
        Next(writtenAt.UtcDateTime);
        Next(isCareful);

        void Next(object? value) => command.Parameters[place++].Value = value ?? DBNull.Value;
    }
}
