using Chat.Api.Rebuilding;
using Chat.Api.Realtime;
using Chat.EventStore;
using Chat.Projections.Rooms;
using Npgsql;

namespace Chat.Api.Hosting;

/// <summary>
/// Brings the database up to date, as soon as there is one, and then runs what lives on it: the projections and those
/// who follow them. The server listens meanwhile and says that it is not ready.
/// </summary>
internal sealed class DatabaseStart(
    ProjectionUpgrade upgrade, NpgsqlDataSource database, ProjectionDaemon daemon, ReadModelsFollower follower,
    Readiness readiness, TimeProvider clock, ILogger<DatabaseStart> logger) : BackgroundService
{
    public static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    /// <summary>What made a rebuild fail seldom passes at once, and each attempt reads the whole log.</summary>
    public static readonly TimeSpan RebuildAgainAfter = TimeSpan.FromSeconds(30);

    private readonly UpgradeProgress _rebuilding = new(readiness, clock, logger);

    private string? _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await TryMigrateAsync(stoppingToken) is { } pause)
                await Task.Delay(pause, clock, stoppingToken);
            readiness.IsDatabaseReady = true;
            logger.LogInformation("The database is ready.");
            await RunAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            if (e is ModelVersionException)
                logger.LogCritical("This node stops. {Reason}", e.Message);
            // The host stops on it; whoever started the process must see that it did not end well.
            Environment.ExitCode = 1;
            throw;
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task[] running = [daemon.RunAsync(ending.Token), follower.RunAsync(ending.Token)];
        await Task.WhenAny(running);
        await ending.CancelAsync();
        await Task.WhenAll(running);
    }

    /// <summary>Null when all is there; otherwise how long to wait before it is tried again.</summary>
    private async Task<TimeSpan?> TryMigrateAsync(CancellationToken ct)
    {
        try
        {
            foreach (var projection in ChatServices.Projections)
            {
                if (await upgrade.TryRunAsync(projection, _rebuilding, ct))
                    continue;
                WaitFor("another node, which is rebuilding the read models");
                return RetryEvery;
            }

            await Accounts.AccountSchema.MigrateAsync(database, ct);
            await Limits.PostgresBuckets.MigrateAsync(database, ct);
            await MemberState.MigrateAsync(database, ct);
            return null;
        }
        catch (Exception e) when (Unavailable.Is(e) || e is PostgresException)
        {
            WaitFor("the database", e.InnerException?.Message ?? e.Message);
            return RetryEvery;
        }
        catch (RebuildFailedException e)
        {
            WaitFor("the read models", e.Message);
            return RebuildAgainAfter;
        }
        catch (EventNotAppliedException e)
        {
            // Its message may quote what the event holds.
            WaitFor("the read models", $"the event at {e.Sequence} of the log cannot be applied");
            return RebuildAgainAfter;
        }
    }

    private void WaitFor(string what, string? reason = null)
    {
        readiness.Problem = $"waiting for {what}";
        var line = reason is null ? readiness.Problem : $"{readiness.Problem}: {reason}";
        if (line != _told)
            logger.LogWarning("The node is {Problem}", line);
        _told = line;
    }
}

/// <summary>Whether the database has been brought up to date since the start.</summary>
internal sealed class Readiness
{
    private volatile string _problem = "waiting for the database";

    public bool IsDatabaseReady { get; set; }

    /// <summary>What it waits for until then.</summary>
    public string Problem
    {
        get => _problem;
        set => _problem = value;
    }

    /// <summary>Throws <see cref="NotReadyException"/> if it has not.</summary>
    public void Require()
    {
        if (!IsDatabaseReady)
            throw new NotReadyException();
    }
}
