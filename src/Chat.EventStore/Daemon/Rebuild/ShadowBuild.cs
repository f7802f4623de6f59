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
    private readonly SortedDictionary<long, SkippedEvent> skipped = [];
    private readonly RebuildPages log = new(store.Log, options.PageEvents, options.Readers);

    /// <summary>The sequence up to which the shadow holds everything.</summary>
    public long Position { get; private set; }

    /// <summary>The events that the projection could not apply and was told to skip.</summary>
    public IReadOnlyCollection<SkippedEvent> Skipped => skipped.Values;

    /// <summary>Makes the tables and fills them with the log up to a settled position.</summary>
    public async Task LoadAsync(NpgsqlConnection connection, long through, CancellationToken cancellationToken)
    {
        report.Begin(through);
        await shadow.CreateAsync(connection, cancellationToken);
        if (projection is IBulkProjection bulk && await TryLoadAsync(bulk, connection, through, cancellationToken))
        {
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
            await ApplyAsync(page, connection, cancellationToken);
            Position = page[^1].Sequence;
            report.Reached(Position, page.Count);
        }

        Position = through;
    }

    // In bulk, what an event did to the states before it failed cannot be undone; page by page it is rolled back.
    private async Task<bool> TryLoadAsync(
        IBulkProjection bulk, NpgsqlConnection connection, long through, CancellationToken cancellationToken)
    {
        try
        {
            await bulk.LoadAsync(
                new(shadow.Name, ReportedAsync(through, cancellationToken), dataSource, options), cancellationToken);
            return true;
        }
        catch (Exception e) when (projection.OnFailure == FailurePolicy.Skip && IsOfTheEvents(e, cancellationToken))
        {
            await shadow.DropAsync(connection, cancellationToken);
            await shadow.CreateAsync(connection, cancellationToken);
            report.Begin(through);
            return false;
        }
    }

    // A page that fails without saying at which event is halved until one stands alone.
    private async Task ApplyAsync(
        IReadOnlyList<StoredEvent> page, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var parts = new Stack<IReadOnlyList<StoredEvent>>([page]);
        while (parts.TryPop(out var part))
        {
            if (part.Count == 0)
                continue;
            try
            {
                await CommitAsync(part, connection, cancellationToken);

                // What is committed is not to be applied again, even if the rest fails and all is tried again.
                Position = part[^1].Sequence;
            }
            catch (Exception e) when (IsOfTheEvents(e, cancellationToken))
            {
                var failing = part.Count == 1
                    ? part[0]
                    : part.FirstOrDefault(one => one.Sequence == (e as EventNotAppliedException)?.Sequence);
                if (failing is null)
                {
                    parts.Push([.. part.Skip(part.Count / 2)]);
                    parts.Push([.. part.Take(part.Count / 2)]);
                    continue;
                }

                LeaveOut(failing, e);
                parts.Push([.. part.Where(one => one != failing)]);
            }
        }
    }

    private async Task CommitAsync(
        IReadOnlyList<StoredEvent> part, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var work = new ProjectionTransaction(connection, transaction, shadow.Name);
        work.Enqueue(new("SET LOCAL synchronous_commit = off"));
        await projection.ApplyAsync(part, work, cancellationToken);
        await work.FlushAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private void LeaveOut(StoredEvent failing, Exception error)
    {
        if (projection.OnFailure != FailurePolicy.Skip)
            throw error as EventNotAppliedException
                ?? new EventNotAppliedException(projection.Name, failing, error);
        skipped[failing.Sequence] = new(failing, FailingEvent.TextOf(error, [failing], store.Options.Types));
        if (skipped.Count > options.DeadLettersMax)
            throw new RebuildFailedException(
                projection.Name, $"more than {options.DeadLettersMax} events cannot be applied.");
    }

    // An outage says nothing of the events.
    private static bool IsOfTheEvents(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && !Outage.Is(e) && e is not OperationCanceledException;

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

/// <summary>An event that a rebuild left out, and why.</summary>
internal sealed record SkippedEvent(StoredEvent Event, string Error);
