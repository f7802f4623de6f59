using System.Runtime.CompilerServices;
using Npgsql;

namespace Chat.EventStore;

/// <summary>Fills a shadow schema with the log, and follows it up to where the live model is.</summary>
internal sealed class ShadowBuild(
    EventStore store,
    NpgsqlDataSource dataSource,
    ISchemaProjection projection,
    ShadowSchema shadow,
    RebuildOptions options,
    RebuildReport report)
{
    private readonly RebuildPages log = new(store.Log, options.PageEvents, options.Readers);

    /// <summary>The sequence up to which the shadow holds everything.</summary>
    public long Position { get; private set; }

    /// <summary>Makes the tables and fills them with the log up to a settled position.</summary>
    public async Task LoadAsync(NpgsqlConnection connection, long through, CancellationToken cancellationToken)
    {
        report.Begin(through);
        await shadow.CreateAsync(connection, cancellationToken);
        if (projection is IBulkProjection bulk)
        {
            await bulk.LoadAsync(
                new(shadow.Name, ReportedAsync(through, cancellationToken), dataSource, options), cancellationToken);
            Position = through;
        }
        else
        {
            await projection.CreateTablesAsync(shadow.Name, connection, cancellationToken);
            await CatchUpAsync(through, cancellationToken);
        }

        report.Enter(RebuildPhase.Indexing);
        await projection.CreateIndexesAsync(shadow.Name, connection, cancellationToken);
        await shadow.AnalyzeAsync(connection, cancellationToken);
    }

    /// <summary>Applies what is between the shadow and a settled position, page by page.</summary>
    public async Task CatchUpAsync(long through, CancellationToken cancellationToken)
    {
        if (through <= Position)
            return;
        report.Extend(through);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await foreach (var page in log.ReadAsync(Position, through, cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var work = new ProjectionTransaction(connection, transaction, shadow.Name);
            work.Enqueue(new("SET LOCAL synchronous_commit = off"));
            await projection.ApplyAsync(page, work, cancellationToken);
            await work.FlushAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            // A page that is committed is not to be applied again, even if the next one fails and all is tried again.
            Position = page[^1].Sequence;
            report.Reached(Position, page.Count);
        }

        Position = through;
    }

    private async IAsyncEnumerable<IReadOnlyList<StoredEvent>> ReportedAsync(
        long through, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in log.ReadAsync(0, through, cancellationToken))
        {
            yield return page;
            report.Reached(page[^1].Sequence, page.Count);
        }
    }
}
