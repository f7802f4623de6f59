using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// A projection that folds events into rows of one plain table of its own: a state for each key, whose public
/// properties are the columns (snake case; Guid, string, bool, numbers, DateTimeOffset, DateOnly, enums as numbers and
/// byte[] have a type of PostgreSQL, all else is jsonb). <see
/// cref="System.ComponentModel.DataAnnotations.Schema.NotMappedAttribute"/> leaves a property out. A state must survive
/// the way to its columns and back: what a page begins with comes from the table.
/// </summary>
/// <typeparam name="T">
/// The state: a record, or a class whose properties can be set or given to its constructor.
/// </typeparam>
/// <typeparam name="TId">The key: Guid, string, int or long.</typeparam>
public abstract class FoldProjection<T, TId> : ISchemaProjection, IBulkProjection
    where T : class
    where TId : notnull
{
    private readonly Lazy<KeyedTable<T, TId>> rows;

    private protected FoldProjection(string schema, string stamp)
    {
        ProjectionTables.CheckSchema(schema);
        Schema = schema;
        // Made with the first use, because what the projection overrides may need its own constructor first.
        rows = new(() => new(Table, KeyColumn, stamp, Indexes));
    }

    /// <summary>The name; that of the class unless it is overridden.</summary>
    public virtual string Name => GetType().Name;

    /// <inheritdoc/>
    public string Schema { get; }

    /// <summary>The table's name; that of the state's type in snake case unless it is overridden.</summary>
    public virtual string Table => SqlName.Snake(typeof(T).Name);

    /// <summary>In how many shards by stream it runs; 1 unless it is overridden.</summary>
    public virtual int Shards => 1;

    /// <inheritdoc cref="ISchemaProjection.Version"/>
    public virtual int Version => 1;

    /// <summary>What happens to an event that cannot be applied; a pause unless it is overridden.</summary>
    public virtual FailurePolicy OnFailure => FailurePolicy.Pause;

    /// <summary>The name of the key's column.</summary>
    public const string KeyColumn = "id";

    /// <summary>Indexes beside the key's.</summary>
    protected virtual IReadOnlyList<TableIndex> Indexes => [];

    /// <summary>The state after an event. Called in the log's order for each key, by one thread.</summary>
    /// <param name="snapshot">The state before; null when there is none. It may be changed and returned.</param>
    /// <param name="id">The key.</param>
    /// <param name="one">The event, of any type.</param>
    /// <returns>The state; null when there is to be no row.</returns>
    public abstract T? Evolve(T? snapshot, TId id, StoredEvent one);

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
    public async Task ApplyAsync(
        IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction, CancellationToken cancellationToken)
    {
        var touches = Touches(events);
        if (touches.Count == 0)
            return;
        var states = new FoldStates<T, TId>(this);
        await LoadAsync(states, touches, transaction.Connection, transaction.Schema, cancellationToken);
        states.Fold(touches);
        var present = states.Rows().ToList();
        if (present.Count > 0)
            transaction.Enqueue(rows.Value.Upsert(transaction.Schema, present));
        var gone = states.Gone().ToArray();
        if (gone.Length > 0)
            transaction.Enqueue(rows.Value.Delete(transaction.Schema, gone));
    }

    async Task IBulkProjection.LoadAsync(BulkLoad load, CancellationToken cancellationToken)
    {
        await using var connection = await load.DataSource.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync(rows.Value.CreateBare(load.Schema), cancellationToken);
        var states = new FoldStates<T, TId>(this);
        var isSpilled = false;
        await foreach (var page in load.Pages.WithCancellation(cancellationToken))
        {
            var touches = Touches(page);
            if (isSpilled)
                await LoadAsync(states, touches, connection, load.Schema, cancellationToken);
            states.Fold(touches);
            if (states.Count <= load.Options.StatesMax)
                continue;

            // More states than memory is given for: from here on they live in the table.
            await WriteAsync(states, isSpilled, connection, load, cancellationToken);
            isSpilled = true;
        }

        await WriteAsync(states, isSpilled, connection, load, cancellationToken);
    }

    internal abstract long StampOf(StoredEvent one);

    private protected abstract void AddTouches(StoredEvent one, List<(TId Key, StoredEvent Event)> touches);

    private List<(TId Key, StoredEvent Event)> Touches(IReadOnlyList<StoredEvent> events)
    {
        var touches = new List<(TId, StoredEvent)>(events.Count);
        foreach (var one in events)
        {
            try
            {
                AddTouches(one, touches);
            }
            catch (Exception e)
            {
                throw new EventNotAppliedException(Name, one, e);
            }
        }

        return touches;
    }

    private async Task LoadAsync(
        FoldStates<T, TId> states,
        List<(TId Key, StoredEvent Event)> touches,
        NpgsqlConnection connection,
        string schema,
        CancellationToken cancellationToken)
    {
        var keys = states.Unknown(touches);
        if (keys.Length > 0)
            await rows.Value.LoadAsync(connection, schema, keys, states.Loaded, cancellationToken);
    }

    // Into an empty table rows are copied and the key is made afterwards.
    private async Task WriteAsync(
        FoldStates<T, TId> states,
        bool isTableFilled,
        NpgsqlConnection connection,
        BulkLoad load,
        CancellationToken cancellationToken)
    {
        if (isTableFilled)
        {
            // Rows are sent in pages of their own: one statement's arrays are bounded too.
            foreach (var page in states.Rows().Chunk(load.Options.PageEvents))
                await RunAsync(rows.Value.Upsert(load.Schema, page), connection, cancellationToken);
            foreach (var page in states.Gone().Chunk(load.Options.PageEvents))
                await RunAsync(rows.Value.Delete(load.Schema, page), connection, cancellationToken);
        }
        else
        {
            await rows.Value.CopyAsync(connection, load.Schema, states.Rows(), cancellationToken);
            await connection.RunAsync(rows.Value.CreateKey(load.Schema), cancellationToken);
        }

        states.Clear();
    }

    private static async Task RunAsync(
        NpgsqlBatchCommand command, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // The batch is a transaction of its own, so that the setting ends with it.
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        batch.BatchCommands.Add(new("SET LOCAL synchronous_commit = off"));
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
