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
            NpgsqlDbType.TimestampTz,
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
    public async Task<BatchOutcome> ExecuteAsync(IReadOnlyList<EncodedAppend> appends, DateTimeOffset writtenAt)
    {
        var columns = new BatchColumns(appends);
        Fill(columns, writtenAt);
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        var baseVersions = reader.GetFieldValue<long[]>(0);
        var outcome = new BatchOutcome(
            appends, columns.RequestStreams.ConvertAll(stream => baseVersions[stream - 1]), writtenAt)
        {
            Repeated = Optional<int>(reader, 1),
            Busy = Optional<int>(reader, 2),
            Archived = Optional<int>(reader, 3),
            Unkeyed = Optional<int>(reader, 4),
            Refused = Optional<int>(reader, 5),
            Versions = Optional<long>(reader, 6),
            Sequences = Optional<long>(reader, 7),
        };

        // Without a transaction of the caller's, the statement commits now; only the end of its answer says that it
        // did.
        await reader.CloseAsync();
        return outcome;
    }

    public ValueTask DisposeAsync() => command.DisposeAsync();

    private static T[] Optional<T>(NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? [] : reader.GetFieldValue<T[]>(ordinal);

    private void Fill(BatchColumns columns, DateTimeOffset writtenAt)
    {
        var place = 0;
        Next(columns.StreamIds);
        Next(columns.StreamTypes);
        Next(columns.StreamGains);
        Next(columns.RequestStreams);
        Next(columns.RequestFirstEvents);
        Next(
            columns.RequestExpected.Exists(expected => expected != BatchColumns.AnyVersion)
                ? columns.RequestExpected
                : null);
        Next(OrNull(columns.ConditionRequests));
        Next(OrNull(columns.ConditionTags));
        Next(OrNull(columns.ConditionSince));
        Next(OrNull(columns.KeyRequests));
        Next(OrNull(columns.KeySubjects));
        Next(OrNull(columns.KeyIds));
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
        Next(OrNull(columns.GroupRequests));
        Next(OrNull(columns.GroupSizes));
        Next(OrNull(columns.TagEvents));
        Next(OrNull(columns.TagNames));
        Next(writtenAt.UtcDateTime);

        void Next(object? value) => command.Parameters[place++].Value = value ?? DBNull.Value;

        static List<T>? OrNull<T>(List<T> column) => column.Count == 0 ? null : column;
    }
}
