using System.Globalization;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Puts a rebuilt model in the place of the live one, in one transaction. Whoever looks, at whatever time, finds one of
/// the two whole, and both say the same:
/// the rows of the projection's progress are held, so that the live model stands still; what it has more than the
/// shadow is applied there and committed; readers that began before that are waited for; only then the tables are
/// taken away from the readers, for the moment that the change of names takes.
/// A page of the live model holds its tables and then needs the row of its progress: it gives way and is tried again.
/// So the swap, which takes them the other way round, waits for nobody who waits for it.
/// </summary>
internal sealed class ModelSwap(
    NpgsqlConnection connection,
    ShadowSchema shadow,
    ShadowBuild build,
    ProgressRows progress,
    ErasedSubjects erased,
    SwapObstacles obstacles,
    RebuildOptions options,
    TimeProvider clock)
{
    private const int GapRetriesMax = 3;

    private readonly OldSnapshots snapshots = new(clock);

    private int gapRetries;

    /// <summary>What was in the way of the last attempt.</summary>
    public string Obstacle { get; private set; } = "";

    public async Task<SwapOutcome> TryAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            return await TryAsync(transaction, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            Obstacle = $"another transaction holds its progress, or changes tables of {shadow.Live}";
            return SwapOutcome.Hindered;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw obstacles.Refused($"its role may not replace {shadow.Live}: {e.MessageText}.");
        }
    }

    private async Task<SwapOutcome> TryAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await LimitWaitsAsync(cancellationToken);
        await LimitLocksAsync(options.StandstillMax, cancellationToken);
        await ProjectionTables.LockAsync(connection, shadow.Live, cancellationToken);
        var tables = await shadow.LiveTablesAsync(connection, cancellationToken);
        if (tables.Count > 0)
        {
            // Autovacuum gives way only to who waits longer than deadlock_timeout. Readers and writers are not held up.
            await LockAsync(tables, "SHARE UPDATE EXCLUSIVE", cancellationToken);
        }

        var started = clock.GetTimestamp();
        var live = await progress.LockAsync(connection, cancellationToken);

        // It may have gone far ahead while readers were waited for. The most is better applied while it can go on; only
        // one that is faster than that for good has to stand still for longer.
        if (live - build.Position > options.SwapGapEvents && gapRetries++ < GapRetriesMax)
        {
            Obstacle = $"{shadow.Live} went on by more than {nameof(options.SwapGapEvents)}";
            return SwapOutcome.Hindered;
        }

        await build.CatchUpAsync(live, cancellationToken);
        var readers = await snapshots.OutwaitAsync(connection, Remaining(started), cancellationToken);
        if (readers.Count > 0)
        {
            Obstacle = $"transactions read the database as it was before: {string.Join(", ", readers)}";
            return SwapOutcome.Hindered;
        }

        if (tables.Count > 0 && !await TakeTablesAsync(tables, transaction, started, cancellationToken))
        {
            Obstacle = $"transactions hold the tables of {shadow.Live}";
            return SwapOutcome.Hindered;
        }

        // What came while others were waited for counts too. From here on nothing can hang itself on the live tables.
        await obstacles.RequireNoneAsync(connection, cancellationToken);
        await shadow.ReplaceLiveAsync(connection, cancellationToken);
        if (await erased.AreMoreAsync(connection, cancellationToken))
            return SwapOutcome.Erased;
        await progress.MoveAsync(connection, build.Position, build.Skipped, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return SwapOutcome.Swapped;
    }

    /// <summary>
    /// Takes the live tables for itself: not in one long wait, because those who want to read queue up behind it.
    /// </summary>
    private async Task<bool> TakeTablesAsync(
        List<string> tables, NpgsqlTransaction transaction, long started, CancellationToken cancellationToken)
    {
        const string Before = "before_tables";
        do
        {
            await transaction.SaveAsync(Before, cancellationToken);
            await LimitLocksAsync(options.TableLockTimeout, cancellationToken);
            try
            {
                await LockAsync(tables, "ACCESS EXCLUSIVE", cancellationToken);
                return true;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable
                or PostgresErrorCodes.DeadlockDetected)
            {
                await transaction.RollbackAsync(Before, cancellationToken);
                await Task.Delay(options.TableLockTimeout, clock, cancellationToken);
            }
        }
        while (Remaining(started) > TimeSpan.Zero);
        return false;
    }

    private Task LockAsync(List<string> tables, string mode, CancellationToken cancellationToken) =>
        connection.RunAsync($"LOCK TABLE {string.Join(", ", tables)} IN {mode} MODE", cancellationToken);

    private TimeSpan Remaining(long started) => options.StandstillMax - clock.GetElapsedTime(started);

    // The live model stands still and its tables are closed, for as long as a hung process keeps the transaction open,
    // or a standby does not answer; the model is derived from the log, so its commit need not wait for standbys.
    private Task LimitWaitsAsync(CancellationToken cancellationToken) => connection.RunAsync(
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SET LOCAL idle_in_transaction_session_timeout = {(int)options.SwapIdleTimeout.TotalMilliseconds};
            SET LOCAL synchronous_commit = local
            """),
        cancellationToken);

    private Task LimitLocksAsync(TimeSpan limit, CancellationToken cancellationToken) => connection.RunAsync(
        string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {(int)limit.TotalMilliseconds}"),
        cancellationToken);
}

/// <summary>What became of an attempt at a swap.</summary>
internal enum SwapOutcome
{
    /// <summary>The new model is live.</summary>
    Swapped,

    /// <summary>Somebody is in the way; nothing has changed.</summary>
    Hindered,

    /// <summary>Personal data was erased that the shadow may hold; nothing has changed.</summary>
    Erased,
}
