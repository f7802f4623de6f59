namespace Chat.EventStore.Workload;

/// <summary>
/// Writes a row for each event, numbered in the order of writing. A second application would violate the key.
/// </summary>
public sealed class RecordedProjection : IProjection
{
    /// <summary>The tables of the workload, beside the store's: to be made once by whoever starts processes.</summary>
    public const string Tables =
        """
        CREATE TABLE recorded (
            place bigint GENERATED ALWAYS AS IDENTITY, sequence bigint PRIMARY KEY, stream_id uuid, version bigint);
        CREATE TABLE names (name text PRIMARY KEY, first_event uuid NOT NULL);
        """;

    public const string Named = "Recorded";

    public string Name => Named;

    public Task ApplyAsync(
        IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken)
    {
        transaction.Enqueue(new(
            """
            INSERT INTO recorded (sequence, stream_id, version)
            SELECT one.sequence, one.stream, one.version
            FROM unnest($1, $2, $3) WITH ORDINALITY AS one (sequence, stream, version, place) ORDER BY one.place
            """)
        {
            Parameters =
            {
                new() { Value = events.Select(one => one.Sequence).ToArray() },
                new() { Value = events.Select(one => one.StreamId).ToArray() },
                new() { Value = events.Select(one => one.Version).ToArray() },
            },
        });
        return Task.CompletedTask;
    }
}
