using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// The one writer of this process: takes all appends that wait, commits them together, and answers each for itself.
/// While one batch commits the next one forms; there is no wait for company beyond <see
/// cref="EventStoreOptions.AppendInterval"/>.
/// </summary>
internal sealed class BatchWriter(
    NpgsqlDataSource dataSource, EventStoreOptions options, AppendFinder finder, Commits commits, ILogger logger)
    : IAsyncDisposable
{
    /// <summary>
    /// How long a write waits for a lock that is not ours while all writers wait for it; an interval of PostgreSQL.
    /// </summary>
    public const string ForeignLockWait = "100ms";

    private readonly AppendQueue queue = new(options);
    private readonly Backoff backoff = new(options.ReconnectDelayMin, options.ReconnectDelayMax, options.Clock);
    private readonly WriteFailure failures = new(options);
    private readonly Lock starting = new();
    private (List<PendingAppend> Appends, BatchOutcome Outcome)? unanswered;
    private Task? running;
    private long? wroteAt;
    private DurableConnection? connection;
    private AppendStatement? statement;
    private SingleAppendStatement? single;

    /// <summary>
    /// Hands an append to the writer and waits for its outcome. A cancel takes effect as long as the writer has not
    /// taken the append up; from then on the caller gets the real outcome, or learns at the deadline that it is not
    /// known.
    /// </summary>
    public async Task<AppendResult> AppendAsync(EncodedAppend append, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Start();
        var clock = options.Clock;
        var deadline = clock.GetTimestamp() + (long)(options.AppendDeadline.TotalSeconds * clock.TimestampFrequency);
        var pending = new PendingAppend(append, deadline);
        await queue.EnterAsync(pending, cancellationToken);
        try
        {
            return (await OutcomeAsync(pending, cancellationToken)).Unwrap();
        }
        finally
        {
            // What was withdrawn still lies where the writer will find it.
            if (!pending.IsWithdrawn)
                queue.Leave(pending);
        }
    }

    /// <summary>Writes what waits, then stops. Bounded by the deadlines of the waiting appends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Close();
        if (running is not null)
            await running;
        await CloseAsync();
    }

    private void Start()
    {
        if (running is not null)
            return;
        lock (starting)
            running ??= BackgroundLoop.Run(RunAsync);
    }

    private async Task<Outcome> OutcomeAsync(PendingAppend pending, CancellationToken cancellationToken)
    {
        try
        {
            return await pending.Outcome.WaitAsync(Remaining(pending), options.Clock, cancellationToken);
        }
        catch (TimeoutException e)
        {
            var sentence = pending.Withdraw() ? "The append was not taken up" : "The append was not confirmed";
            throw new StoreUnavailableException($"{sentence} within {options.AppendDeadline}.", e);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !pending.Cancel())
        {
            return await OutcomeAsync(pending, CancellationToken.None);
        }
    }

    private TimeSpan Remaining(PendingAppend pending)
    {
        var remaining = options.Clock.GetElapsedTime(options.Clock.GetTimestamp(), pending.Deadline);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    private async Task RunAsync()
    {
        var waiting = new WaitingAppends(queue, options);
        while (true)
        {
            await PaceAsync();
            var appends = waiting.Next();
            if (appends.Count == 0)
            {
                Answer();
                if (!await waiting.AnyAsync())
                    return;
                continue;
            }

            wroteAt = options.Clock.GetTimestamp();
            try
            {
                await WriteAsync(appends, waiting);
            }
            catch (Exception e)
            {
                // A bug must not end the writer for everybody: it fails this batch, and the next gets a fresh
                // connection.
                Answer();
                logger.LogError(e, "Writing a batch of {Appends} appends failed", appends.Count);
                appends.ForEach(pending => pending.Fail(new StoreUnavailableException("The writer failed.", e)));
                await CloseAsync();
            }
        }
    }

    private async ValueTask PaceAsync()
    {
        var silence = wroteAt is { } then ? options.Clock.GetElapsedTime(then) : TimeSpan.MaxValue;
        if (silence >= options.AppendInterval)
            return;
        Answer();
        await Task.Delay(options.AppendInterval - silence, options.Clock, CancellationToken.None);
    }

    private async Task WriteAsync(List<PendingAppend> appends, WaitingAppends waiting, bool isCareful = false)
    {
        Exception? problem = null;
        for (var races = 0; (appends = waiting.PutOffBusy(StillAwaited(appends, problem))).Count > 0;)
        {
            try
            {
                var outcome = await CommitAsync(appends, isCareful || appends.Exists(pending => pending.WasPutOff));
                waiting.PutOff(With(AppendVerdict.Busy, appends, outcome));

                // Everything else is decided: whatever happens from here on, only these are left to do.
                appends = With(AppendVerdict.Repeated, appends, outcome);
                if (appends.Count > 0)
                    await AnswerFoundAsync(appends);
                backoff.Reset();
                return;
            }
            catch (Exception e) when (WriteFailure.IsForeignLock(e) && !isCareful)
            {
                isCareful = true;
            }
            catch (Exception e) when (WriteFailure.IsForeignLock(e) && appends.Count == 1)
            {
                waiting.PutOffAlone(appends[0]);
                return;
            }
            catch (Exception e) when (Outage.Is(e) && !WriteFailure.IsForeignLock(e))
            {
                logger.LogWarning(e, "A batch of {Appends} appends is not decided; trying again", appends.Count);
                problem = e;
                appends.ForEach(pending => pending.IsUncertain = true);
                await CloseAsync();
                if (StillAwaited(appends, e).Count > 0)
                    await backoff.DelayAsync(CancellationToken.None);
            }
            catch (Exception e) when (failures.IsForeignRace(e) && races < WriteFailure.ForeignRacesMax)
            {
                races++;
                isCareful = true;
            }
            catch (Exception e) when (appends.Count > 1)
            {
                // One of them cannot be written. Halving finds it, and the others are written after all.
                await RenewAfterAsync(e);
                await WriteAsync(appends[..(appends.Count / 2)], waiting, isCareful);
                appends = appends[(appends.Count / 2)..];
                races = 0;
            }
            catch (Exception e)
            {
                await RenewAfterAsync(e);
                appends[0].Fail(failures.Of(e));
                return;
            }
        }
    }

    /// <summary>Commits once; the outcome is told with the next commit, or when there is none.</summary>
    private async Task<BatchOutcome> CommitAsync(List<PendingAppend> appends, bool isCareful)
    {
        if (connection is null)
        {
            Answer();
            await ConnectAsync();
        }

        var encoded = appends.ConvertAll(pending => pending.Append);
        var writtenAt = StoreClock.Now(options.Clock);
        var started = options.Clock.GetTimestamp();
        var committing = connection!.CommitAsync(
            _ => !isCareful && SingleAppendStatement.Fits(encoded)
                ? single!.ExecuteAsync(encoded, writtenAt)
                : statement!.ExecuteAsync(encoded, writtenAt, isCareful),
            options.AppendDeadline);

        // The batch before is answered while this one is on its way: the server does not wait for our callers.
        Answer();
        var outcome = await committing;
        Instruments.BatchWritten(outcome.Sequences.Count, options.Clock.GetElapsedTime(started));
        unanswered = (appends, outcome);
        return outcome;
    }

    private static List<PendingAppend> With(
        AppendVerdict verdict, List<PendingAppend> appends, BatchOutcome outcome) =>
        [.. appends.Where((_, place) => outcome.Decisions[place].Verdict == verdict)];

    /// <summary>Tells everybody of the last commit: the tail, other processes, the callers.</summary>
    private void Answer()
    {
        if (unanswered is not var (appends, outcome))
            return;
        unanswered = null;
        commits.Publish(outcome);
        for (var i = 0; i < appends.Count; i++)
        {
            if (outcome.Decisions[i].Result is { } result)
                appends[i].Succeed(result);
            else if (outcome.Decisions[i].Failure is { } failure)
                appends[i].Fail(failure);
        }
    }

    // The commit just before was synchronous and came after the found events, so they last.
    private async Task AnswerFoundAsync(List<PendingAppend> found)
    {
        Answer();
        var ids = found.Select(pending => pending.Append.FirstEventId).ToArray();
        var results = await connection!.CommitAsync(
            open => finder.FindAsync(open, ids, confirm: false), options.AppendDeadline);
        commits.Found([.. results.Values]);
        foreach (var pending in found)
        {
            if (results.TryGetValue(pending.Append.FirstEventId, out var first))
                pending.Succeed(first);
            else
                pending.Fail(AppendFinder.Missing(pending.Append.FirstEventId));
        }
    }

    private List<PendingAppend> StillAwaited(List<PendingAppend> appends, Exception? problem)
    {
        foreach (var pending in appends.Where(pending => Remaining(pending) == TimeSpan.Zero))
            pending.Fail(NotConfirmed(problem));
        return appends.FindAll(pending => Remaining(pending) > TimeSpan.Zero);
    }

    private StoreUnavailableException NotConfirmed(Exception? problem) =>
        new($"The append was not confirmed within {options.AppendDeadline}.", problem);

    // What is not the append's fault may be the connection's: a plan or a setting that lasts as long as it does.
    private async Task RenewAfterAsync(Exception e)
    {
        if (WriteFailure.IsOfTheAppend(e) || WriteFailure.IsForeignLock(e))
            return;
        logger.LogWarning(e, "PostgreSQL or its driver refused a write");
        connection?.Drop(e);
        await CloseAsync();
    }

    private async Task ConnectAsync()
    {
        if (connection is not null)
            return;
        var opened = await DurableConnection.OpenAsync(
            dataSource, options.Clock, options.AppendDeadline, CancellationToken.None);
        try
        {
            using var deadline = new CancellationTokenSource(options.AppendDeadline, options.Clock);
            statement = await AppendStatement.PrepareAsync(
                opened.Connection, options.ExtensionSchema, deadline.Token);
            single = await SingleAppendStatement.PrepareAsync(
                opened.Connection, options.ExtensionSchema, deadline.Token);
            connection = opened;
        }
        catch (Exception e)
        {
            await opened.DisposeAsync();
            if (e is OperationCanceledException)
                throw new StoreUnavailableException("The store cannot be reached.", e);
            throw;
        }
    }

    /// <summary>Never fails: the writer goes on with another connection.</summary>
    private async Task CloseAsync()
    {
        try
        {
            await using var closedConnection = connection;
            await using var closedStatement = statement;
            await using var closedSingle = single;
            (connection, statement, single) = (null, null, null);
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "Closing the writer's connection failed");
        }
    }
}
