using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>
/// Finds events whose personal data a state might have taken over without being that subject's: after the subject's
/// erasure it would be the only place where that data is left in clear.
/// </summary>
internal sealed class UnprotectedData(NpgsqlDataSource dataSource, MartenTables tables, EventStoreOptions options)
{
    /// <summary>Refuses a state that is not protected like the events it was folded from.</summary>
    /// <param name="type">The state's type.</param>
    /// <param name="snapshots">The table of snapshots.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="version">The version of the state.</param>
    /// <param name="subject">Whose personal data the state holds; null for nobody's.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="UnprotectedSnapshotException">There is such an event.</exception>
    public async Task RefuseAsync(
        SnapshotType type,
        string snapshots,
        Guid streamId,
        long version,
        Guid? subject,
        CancellationToken cancellationToken)
    {
        var personal = options.Types.WithPersonalData().ToList();
        if (personal.Count == 0)
            return;

        // What lies before the snapshot that is there was looked at when that one was saved, for the same subject.
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT e.id FROM {tables.Events} e
            JOIN unnest($4, $5) AS personal (type, subject) ON personal.type = e.type
            WHERE e.stream_id = $1 AND e.version <= $2
                AND ($3 IS NULL OR (e.data ->> personal.subject) IS DISTINCT FROM $3::text)
                AND e.version > coalesce(
                    (SELECT s.version FROM {snapshots} s
                     JOIN {tables.Events} held
                        ON held.stream_id = s.stream_id AND held.version = s.version AND held.id = s.event_id
                     WHERE s.stream_id = $1 AND s.name = $6 AND s.schema_version = $7
                        AND s.subject IS NOT DISTINCT FROM $3), 0)
            LIMIT 1
            """);
        command.Parameters.Add(new() { Value = streamId });
        command.Parameters.Add(new() { Value = version });
        command.Parameters.Add(new() { Value = (object?)subject ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(TextArray(personal.ConvertAll(one => one.Alias)));
        command.Parameters.Add(TextArray(personal.ConvertAll(one => one.PersonalData!.SubjectName)));
        command.Parameters.Add(new() { Value = type.Name });
        command.Parameters.Add(new() { Value = type.SchemaVersion });
        if (await command.ExecuteScalarAsync(cancellationToken) is Guid eventId)
            throw new UnprotectedSnapshotException(type.Name, streamId, eventId);
    }

    private static NpgsqlParameter TextArray(List<string> values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
