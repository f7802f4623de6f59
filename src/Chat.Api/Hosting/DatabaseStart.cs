using Chat.Api.Realtime;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Rooms;
using Npgsql;

namespace Chat.Api.Hosting;

/// <summary>
/// Brings the database up to date, as soon as there is one, and then runs what lives on it: the projections and those
/// who follow them. The server listens meanwhile and says that it is not ready.
/// </summary>
internal sealed class DatabaseStart(
    EventLog log, NpgsqlDataSource database, ProjectionDaemon daemon, ReadModelsFollower follower, Readiness readiness,
    TimeProvider clock, ILogger<DatabaseStart> logger) : BackgroundService
{
    public static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private string? _waitingFor;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryMigrateAsync(stoppingToken))
                await Task.Delay(RetryEvery, clock, stoppingToken);
            readiness.IsDatabaseReady = true;
            logger.LogInformation("The database is ready.");
            await Task.WhenAll(daemon.RunAsync(stoppingToken), follower.RunAsync(stoppingToken));
        }
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            // The host stops on it; whoever started the process must see that it did not end well.
            Environment.ExitCode = 1;
            throw;
        }
    }

    private async Task<bool> TryMigrateAsync(CancellationToken ct)
    {
        try
        {
            await log.MigrateAsync(ct);
            await ProjectionTables.EnsureAsync(database, new ReadModels(), ct);
            await Accounts.AccountSchema.MigrateAsync(database, ct);
            await Limits.PostgresBuckets.MigrateAsync(database, ct);
            await MemberState.MigrateAsync(database, ct);
            return true;
        }
        catch (Exception e) when (Unavailable.Is(e) || e is PostgresException)
        {
            var reason = e.InnerException?.Message ?? e.Message;
            if (reason != _waitingFor)
                logger.LogWarning("Waiting for the database: {Reason}", reason);
            _waitingFor = reason;
            return false;
        }
    }
}

/// <summary>Whether the database has been brought up to date since the start.</summary>
internal sealed class Readiness
{
    public bool IsDatabaseReady { get; set; }

    /// <summary>Throws <see cref="NotReadyException"/> if it has not.</summary>
    public void Require()
    {
        if (!IsDatabaseReady)
            throw new NotReadyException();
    }
}
