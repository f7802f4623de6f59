using Chat.Api.Hosting;
using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>Deletes what is over: sessions, links of mails, signing keys. In small batches, now and then.</summary>
internal sealed class AccountCleanup(
    NpgsqlDataSource database, Readiness readiness, TimeProvider clock, ILogger<AccountCleanup> logger)
    : BackgroundService
{
    public const int BatchMax = 1000;
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    /// <summary>An ended session is kept so long for whoever looks for what happened.</summary>
    public static readonly TimeSpan EndedKept = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (readiness.IsDatabaseReady)
                    await RunAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.Log(Unavailable.Is(e) ? LogLevel.Debug : LogLevel.Error, e, "Nothing was cleaned up.");
            }
        }
    }

    internal async Task RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await DeleteAsync("sessions", "id", "ended_at < $1", now - EndedKept, ct);
        await DeleteAsync(
            "sessions", "id", $"ended_at is null and kind <> {(short)SessionKind.Bot} and last_seen_at < $1",
            now - Sessions.IdleMax, ct);
        await DeleteAsync("mail_tokens", "token_hash", "expires_at < $1", now, ct);
        await DeleteAsync("signing_keys", "id", "expires_at < $1", now, ct);
    }

    private async Task DeleteAsync(string table, string key, string isOver, DateTimeOffset time, CancellationToken ct)
    {
        int deleted;
        do
        {
            await using var command = database.CreateCommand(
                $"""
                 delete from chat_auth.{table} where {key} in (
                     select {key} from chat_auth.{table} where {isOver} limit {BatchMax} for update skip locked)
                 """);
            command.Parameters.AddWithValue(time.UtcDateTime);
            deleted = await command.ExecuteNonQueryAsync(ct);
        }
        while (deleted == BatchMax);
    }
}
