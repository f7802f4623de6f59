using System.Globalization;
using Chat.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Chat.Bench.Store.Projections;

/// <summary>A read model of one row an event, written by one upsert a page.</summary>
internal sealed class FlatTable(string name) : IProjection
{
    public string Name { get; } = name;

    /// <summary>Makes the table empty, and forgets how far it was.</summary>
    public Task ResetAsync(BenchDatabase database, CancellationToken cancellation) => database.ExecuteAsync(
        $"""
        DROP TABLE IF EXISTS {Name};
        CREATE TABLE {Name} (
            event_id uuid PRIMARY KEY, stream_id uuid NOT NULL, version bigint NOT NULL, author_id uuid NOT NULL,
            sent_at timestamptz NOT NULL, text text NOT NULL);
        DELETE FROM mt_event_progression
        """,
        cancellation);

    public Task ApplyAsync(
        IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken)
    {
        var rows = new FlatRows(events.Count);
        foreach (var one in events)
            rows.Add(one.Id, (MessagePosted)one.Data, one.StreamId, one.Version, one.Timestamp.UtcDateTime);
        transaction.Enqueue(rows.Upsert(Name));
        return Task.CompletedTask;
    }

    /// <summary>Throws where not every event has become its row.</summary>
    public async Task ShouldHoldAsync(BenchDatabase database, long events, CancellationToken cancellation)
    {
        var rows = await database.ScalarAsync<long>($"SELECT count(*) FROM {Name}", cancellation);
        if (rows != events)
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"{Name} has {rows} rows for {events} events."));
    }
}

/// <summary>The rows of a page in columns, the same for the projection and for the plain loop.</summary>
internal sealed class FlatRows(int count)
{
    private readonly List<Guid> ids = new(count);
    private readonly List<Guid> streams = new(count);
    private readonly List<long> versions = new(count);
    private readonly List<Guid> authors = new(count);
    private readonly List<DateTime> times = new(count);
    private readonly List<string> texts = new(count);

    public void Add(Guid id, MessagePosted message, Guid stream, long version, DateTime sentAt)
    {
        ids.Add(id);
        streams.Add(stream);
        versions.Add(version);
        authors.Add(message.AuthorId);
        times.Add(sentAt);
        texts.Add(message.Text);
    }

    public NpgsqlBatchCommand Upsert(string table) => new(
        $"""
        INSERT INTO {table} (event_id, stream_id, version, author_id, sent_at, text)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
        ON CONFLICT (event_id) DO UPDATE SET version = excluded.version, text = excluded.text
        """)
    {
        Parameters =
        {
            Column(ids, NpgsqlDbType.Uuid),
            Column(streams, NpgsqlDbType.Uuid),
            Column(versions, NpgsqlDbType.Bigint),
            Column(authors, NpgsqlDbType.Uuid),
            Column(times, NpgsqlDbType.TimestampTz),
            Column(texts, NpgsqlDbType.Text),
        },
    };

    private static NpgsqlParameter Column(object values, NpgsqlDbType type) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
