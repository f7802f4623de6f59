using Chat.Api.Realtime;
using Chat.EventStore;
using Chat.Projections;
using Npgsql;

namespace Chat.Api.Hosting;

/// <summary>
/// Brings the database up to date, as soon as there is one, and then runs what lives on it: the projections and those who follow
/// them. The server listens meanwhile and says that it is not ready.
/// </summary>
internal sealed class DatabaseStart(
    EventLog log, NpgsqlDataSource database, ProjectionDaemon daemon, ReadModelsFollower follower, TimeProvider clock,
    ILogger<DatabaseStart> logger) : BackgroundService
{
    public static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    public bool IsDone { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryMigrateAsync(stoppingToken))
            await Task.Delay(RetryEvery, clock, stoppingToken);
        IsDone = true;
        logger.LogInformation("The database is ready.");
        await Task.WhenAll(daemon.RunAsync(stoppingToken), follower.RunAsync(stoppingToken));
    }

    private async Task<bool> TryMigrateAsync(CancellationToken ct)
    {
        try
        {
            await log.MigrateAsync(ct);
            await ReadModels.MigrateAsync(database, ct);
            await Accounts.AccountSchema.MigrateAsync(database, ct);
            return true;
        }
        catch (Exception e) when (Unavailable.Is(e))
        {
            logger.LogWarning("Waiting for the database: {Reason}", e.InnerException?.Message ?? e.Message);
            return false;
        }
    }
}
