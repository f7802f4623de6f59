using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.EventStore.Tests;

/// <summary>Random histories, the projections of them, and what a naive fold of the whole log says.</summary>
public abstract class ProjectionTest(StoreDatabase database) : StoreTest(database)
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly string[] Vocabulary = ["red", "green", "blue", "round", "flat", "old", "new"];

    private readonly Guid[] rooms = [.. Enumerable.Range(0, 12).Select(_ => Guid.NewGuid())];

    protected Rooms Rooms { get; } = new();

    protected Words Words { get; } = new();

    protected Messages Messages { get; } = new();

    protected ISchemaProjection[] All => [Rooms, Words, Messages];

    /// <summary>Makes the tables of the projections anew, empty.</summary>
    protected async Task MakeTablesAsync()
    {
        foreach (var projection in All)
        {
            await ExecuteAsync($"DROP SCHEMA IF EXISTS {projection.Schema} CASCADE");
            await ProjectionTables.EnsureAsync(DataSource, projection, Stop);
        }
    }

    /// <summary>Appends random events to random rooms.</summary>
    /// <returns>The last sequence.</returns>
    protected async Task<long> ActAsync(Random random, int appends, EventStore? store = null)
    {
        var last = 0L;
        for (var done = 0; done < appends; done += 50)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, Math.Min(50, appends - done))
                .Select(_ => (store ?? Store).AppendAsync(AnyAppend(random), Stop)));
            last = results.Max(result => result.LastSequence);
        }

        return last;
    }

    protected RunningDaemon Run(EventStore store, params IProjection[] projections) => new(new(
        store,
        store.DataSource,
        projections,
        new() { OwnershipInterval = TimeSpan.FromMilliseconds(100) },
        NullLogger<ProjectionDaemon>.Instance));

    protected async Task<List<StoredEvent>> LogAsync()
    {
        var log = new List<StoredEvent>();
        await foreach (var one in Store.ReadAllAsync(0, cancellationToken: Stop))
            log.Add(one);
        return log;
    }

    /// <summary>A table as text, a line for each row.</summary>
    protected async Task<List<string>> DumpAsync(string table)
    {
        await using var command = DataSource.CreateCommand(
            $"SELECT t::text FROM {table} t ORDER BY t::text COLLATE \"C\"");
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var rows = new List<string>();
        while (await reader.ReadAsync(Stop))
            rows.Add(reader.GetString(0));
        return rows;
    }

    /// <summary>The tables of the projections hold what the whole log comes to.</summary>
    protected async Task ShouldEqualLogAsync(string reason = "")
    {
        var log = await LogAsync();
        await ShouldEqualAsync(Rooms, log, one => [one.StreamId], one => one.Version, reason);
        await ShouldEqualAsync(Words, log, one => Words.Of(one).Distinct(), one => one.Sequence, reason);
        var posted = await ScalarAsync<string>(
            """
            SELECT coalesce(string_agg(concat_ws(' ', sequence, room, text, number), E'\n' ORDER BY sequence), '')
            FROM test_messages.posted_message
            """);
        posted.ShouldBe(
            string.Join('\n', log.Where(one => one.Data is MessagePosted).Select(one =>
                $"{one.Sequence} {one.StreamId} {((MessagePosted)one.Data).Text} {((MessagePosted)one.Data).Number}")),
            reason);
    }

    private static Append Append(Guid room, params object[] events) => new()
    {
        StreamId = room,
        StreamType = "room",
        Events = [.. events.Select(one => new NewEvent(Guid.NewGuid(), one))],
    };

    private Append AnyAppend(Random random)
    {
        var room = rooms[random.Next(rooms.Length)];
        return random.Next(10) switch
        {
            0 => Append(room, new MessageEdited(random.Next(2) == 0 ? Rooms.Remove : "other")),
            1 => Append(room, AnyMessage(random), new MessageEdited(Rooms.Remove), AnyMessage(random)),
            2 => Append(Guid.NewGuid(), AnyMessage(random)),
            _ => Append(room, AnyMessage(random)),
        };
    }

    private static MessagePosted AnyMessage(Random random) => new(
        string.Join(' ', random.GetItems(Vocabulary, 1 + random.Next(3))),
        random.Next(100));

    // What the fold gives without the table in between is written to a table of its own and compared there.
    private async Task ShouldEqualAsync<T, TId>(
        FoldProjection<T, TId> projection,
        List<StoredEvent> log,
        Func<StoredEvent, IEnumerable<TId>> keysOf,
        Func<StoredEvent, long> stampOf,
        string reason)
        where T : class
        where TId : notnull
    {
        var states = new Dictionary<TId, (T? State, long Stamp)>();
        foreach (var one in log)
        {
            foreach (var key in keysOf(one))
                states[key] = (projection.Evolve(states.GetValueOrDefault(key).State, key, one), stampOf(one));
        }

        var table = new KeyedTable<T, TId>(
            projection.Table, "id", typeof(TId) == typeof(Guid) ? "version" : "sequence", []);
        await ExecuteAsync("DROP SCHEMA IF EXISTS expected CASCADE; CREATE SCHEMA expected");
        await ExecuteAsync(table.Create("expected"));
        await using (var connection = await DataSource.OpenConnectionAsync(Stop))
            await table.CopyAsync(
                connection,
                "expected",
                states.Where(entry => entry.Value.State is not null)
                    .Select(entry => new KeyedRow<T, TId>(entry.Key, entry.Value.Stamp, entry.Value.State!)),
                Stop);
        var expected = await DumpAsync($"expected.{projection.Table}");
        expected.Count.ShouldBePositive();
        (await DumpAsync($"{projection.Schema}.{projection.Table}")).ShouldBe(expected, reason);
    }
}
