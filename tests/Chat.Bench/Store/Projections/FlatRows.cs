using Npgsql;
using NpgsqlTypes;

namespace Chat.Bench.Store.Projections;

/// <summary>The rows of a page in columns, for the plain loop.</summary>
internal sealed class FlatRows(int count)
{
    private readonly List<long> sequences = new(count);
    private readonly List<Guid> ids = new(count);
    private readonly List<Guid> streams = new(count);
    private readonly List<long> versions = new(count);
    private readonly List<Guid> authors = new(count);
    private readonly List<DateTime> times = new(count);
    private readonly List<string> texts = new(count);

    public void Add(long sequence, Guid id, MessagePosted message, Guid stream, long version, DateTime sentAt)
    {
        sequences.Add(sequence);
        ids.Add(id);
        streams.Add(stream);
        versions.Add(version);
        authors.Add(message.AuthorId);
        times.Add(sentAt);
        texts.Add(message.Text);
    }

    public NpgsqlBatchCommand Insert(string table) => new(
        $"""
        INSERT INTO {table} (sequence, event_id, stream_id, version, author_id, sent_at, text)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        """)
    {
        Parameters =
        {
            Column(sequences, NpgsqlDbType.Bigint),
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
