using Npgsql;

namespace Chat.EventStore.Tests;

public sealed record TallyRow(int Messages);

/// <summary>Counts the events of each stream: one that is applied twice, or not at all, shows in the sum.</summary>
public sealed class Tally(int shards = 1) : SingleStreamProjection<TallyRow>("test_tally")
{
    public override int Shards => shards;

    /// <summary>Runs before an event is folded, and may fail.</summary>
    public Action<StoredEvent> Before { get; set; } = _ => { };

    public override TallyRow Evolve(TallyRow? snapshot, Guid id, StoredEvent one)
    {
        Before(one);
        return new((snapshot?.Messages ?? 0) + 1);
    }
}

/// <summary>Writes the sequence of each event, page by page. A second application would violate the key.</summary>
public sealed class Sequences : ISchemaProjection
{
    public string Name => "Sequences";

    public string Schema => "test_sequences";

    public FailurePolicy OnFailure { get; init; }

    /// <summary>Runs before a page is applied, and may fail.</summary>
    public Action<IReadOnlyList<StoredEvent>> Before { get; set; } = _ => { };

    /// <summary>Runs when the tables are made, on the connection of whoever makes them.</summary>
    public Func<string, NpgsqlConnection, Task> Making { get; set; } = (_, _) => Task.CompletedTask;

    public async Task CreateTablesAsync(
        string schema, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.RunAsync(
            $"CREATE TABLE IF NOT EXISTS {schema}.sequences (sequence bigint PRIMARY KEY)", cancellationToken);
        await Making(schema, connection);
    }

    public Task CreateIndexesAsync(string schema, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task ApplyAsync(
        IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken)
    {
        Before(events);
        transaction.Enqueue(new($"INSERT INTO {transaction.Schema}.sequences SELECT unnest($1)")
        {
            Parameters = { new() { Value = events.Select(one => one.Sequence).ToArray() } },
        });
        return Task.CompletedTask;
    }
}
