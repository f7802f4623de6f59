using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// The transaction in which a projection applies a page of events and its progress moves. Commands that are enqueued go
/// to the server together with the progress, in one round trip.
/// </summary>
/// <param name="connection">An open connection.</param>
/// <param name="transaction">Its transaction; whoever began it commits it.</param>
/// <param name="schema">Where the projection's tables are to be written, if it owns a schema.</param>
public sealed class ProjectionTransaction(
    NpgsqlConnection connection, NpgsqlTransaction transaction, string? schema = null)
    : IAsyncDisposable
{
    private readonly NpgsqlBatch batch = new(connection, transaction);

    /// <summary>
    /// The transaction's connection, for what cannot be enqueued: reads, and <c>COPY</c>. Such commands run at once,
    /// before those that are enqueued.
    /// </summary>
    public NpgsqlConnection Connection { get; } = connection;

    /// <summary>To be given to commands that are made for <see cref="Connection"/>.</summary>
    public NpgsqlTransaction Transaction { get; } = transaction;

    /// <summary>
    /// Where the tables of an <see cref="ISchemaProjection"/> are to be written now: its live schema, or that of a
    /// rebuild.
    /// </summary>
    /// <exception cref="InvalidOperationException">The projection owns no schema.</exception>
    public string Schema =>
        schema ?? throw new InvalidOperationException("Only a projection that owns a schema has one to write to.");

    /// <summary>Adds a command to those that are sent together, in this order, at the end of the page.</summary>
    public void Enqueue(NpgsqlBatchCommand command) => batch.BatchCommands.Add(command);

    /// <summary>Sends what is enqueued now, for a projection that has to read what it wrote.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (batch.BatchCommands.Count == 0)
            return;
        await batch.ExecuteNonQueryAsync(cancellationToken);
        batch.BatchCommands.Clear();
    }

    /// <summary>Releases what is enqueued; neither commits nor rolls back.</summary>
    public ValueTask DisposeAsync() => batch.DisposeAsync();
}
