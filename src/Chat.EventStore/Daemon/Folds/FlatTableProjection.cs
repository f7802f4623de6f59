using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// One row for each event that is given one, in a plain table of its own: the key <c>sequence</c> is the event's, the
/// other columns are the row's public properties, as in <see cref="FoldProjection{T, TId}"/>. Rows are only added. The
/// order does not matter, so it works in shards, and a rebuild fills it by several workers.
/// </summary>
/// <typeparam name="T">The row.</typeparam>
public abstract class FlatTableProjection<T> : ISchemaProjection, IBulkProjection
    where T : class
{
    /// <summary>The name of the key's column.</summary>
    public const string KeyColumn = "sequence";

    private readonly Lazy<KeyedTable<T, long>> rows;

    /// <summary>A projection that owns a schema.</summary>
    /// <param name="schema">The schema that the projection owns.</param>
    /// <exception cref="ArgumentException">The schema is no name that can be used.</exception>
    protected FlatTableProjection(string schema)
    {
        ProjectionTables.CheckSchema(schema);
        Schema = schema;
        rows = new(() => new(Table, KeyColumn, null, Indexes));
    }

    /// <summary>The name; that of the class unless it is overridden.</summary>
    public virtual string Name => GetType().Name;

    /// <inheritdoc/>
    public string Schema { get; }

    /// <summary>The table's name; that of the row's type in snake case unless it is overridden.</summary>
    public virtual string Table => SqlName.Snake(typeof(T).Name);

    /// <summary>In how many shards by stream it runs; 1 unless it is overridden.</summary>
    public virtual int Shards => 1;

    /// <inheritdoc cref="ISchemaProjection.Version"/>
    public virtual int Version => 1;

    /// <summary>What happens to an event that cannot be applied; a pause unless it is overridden.</summary>
    public virtual FailurePolicy OnFailure => FailurePolicy.Pause;

    /// <summary>Indexes beside the key's.</summary>
    protected virtual IReadOnlyList<TableIndex> Indexes => [];

    /// <summary>The row of an event; null for none. Must be safe to be called by several threads.</summary>
    protected abstract T? Project(StoredEvent one);

    /// <inheritdoc/>
    public Task CreateTablesAsync(string schema, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.RunAsync(rows.Value.Create(schema), cancellationToken);

    /// <inheritdoc/>
    public async Task CreateIndexesAsync(
        string schema, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var sql in rows.Value.CreateIndexes(schema))
            await connection.RunAsync(sql, cancellationToken);
    }

    /// <inheritdoc/>
    public Task ApplyAsync(
        IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken)
    {
        var projected = RowsOf(events);
        if (projected.Count > 0)
            transaction.Enqueue(rows.Value.Insert(transaction.Schema, projected));
        return Task.CompletedTask;
    }

    async Task IBulkProjection.LoadAsync(BulkLoad load, CancellationToken cancellationToken)
    {
        await using var connection = await load.DataSource.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync(rows.Value.CreateBare(load.Schema), cancellationToken);
        var workers = new ParallelOptions
        {
            MaxDegreeOfParallelism = load.Options.Writers,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(load.Pages, workers, async (page, ct) =>
        {
            await using var worker = await load.DataSource.OpenConnectionAsync(ct);
            await rows.Value.CopyAsync(worker, load.Schema, RowsOf(page), ct);
        });
        await connection.RunAsync(rows.Value.CreateKey(load.Schema), cancellationToken);
    }

    private List<KeyedRow<T, long>> RowsOf(IReadOnlyList<StoredEvent> events)
    {
        var projected = new List<KeyedRow<T, long>>(events.Count);
        foreach (var one in events)
        {
            try
            {
                if (Project(one) is { } row)
                    projected.Add(new(one.Sequence, one.Sequence, row));
            }
            catch (Exception e)
            {
                throw new EventNotAppliedException(Name, one, e);
            }
        }

        return projected;
    }
}
