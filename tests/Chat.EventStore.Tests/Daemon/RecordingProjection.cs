using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>Writes a row for each event. A second application of the same event would violate the key.</summary>
public sealed class RecordingProjection(string name = "Recorded") : IProjection
{
    /// <summary>Runs after the rows of a page are written and before they are committed.</summary>
    public Func<NpgsqlConnection, IReadOnlyList<StoredEvent>, Task> BeforeCommit { get; set; } =
        (_, _) => Task.CompletedTask;

    /// <summary>Runs before anything is done, and may fail.</summary>
    public Action<IReadOnlyList<StoredEvent>> BeforeApply { get; set; } = _ => { };

    public string Name { get; } = name;

    public int Shards { get; init; } = 1;

    public FailurePolicy OnFailure { get; init; } = FailurePolicy.Pause;

    public async Task ApplyAsync(
        IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken)
    {
        BeforeApply(events);
        transaction.Enqueue(new("INSERT INTO recorded (projection, sequence) SELECT $1, unnest($2)")
        {
            Parameters = { new() { Value = Name }, new() { Value = events.Select(one => one.Sequence).ToArray() } },
        });
        await transaction.FlushAsync(cancellationToken);
        await BeforeCommit(transaction.Connection, events);
    }
}
