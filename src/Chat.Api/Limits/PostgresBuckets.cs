using Npgsql;

namespace Chat.Api.Limits;

/// <summary>
/// Tokens in a table for all nodes: one row for each bucket that is not full. It is unlogged, as losing it in a crash
/// of the database loses nothing but patience. The database's clock counts.
/// </summary>
internal sealed class PostgresBuckets(
    NpgsqlDataSource database, TimeProvider clock, ILogger<PostgresBuckets> logger) : BackgroundService, ITokenBuckets
{
    private const string Schema = "Chat.Api.Limits.schema.sql";

    public static readonly TimeSpan PurgeEvery = TimeSpan.FromMinutes(10);

    public static Task MigrateAsync(NpgsqlDataSource database, CancellationToken ct) =>
        Projections.SchemaScript.ApplyAsync(database, typeof(PostgresBuckets).Assembly, Schema, ct);

    public async ValueTask<TimeSpan?> TakeAsync(BucketKey key, BucketSize size, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            insert into chat_limits.buckets as bucket (name, tokens, taken, at, full_at)
            values ($1, $2 - 1, true, clock_timestamp(), clock_timestamp() + make_interval(secs => 1 / $3))
            on conflict (name) do update set (tokens, taken, at, full_at) = (
                select
                    left_over, has_one, now, now + make_interval(secs => ($2 - left_over) / $3)
                from
                    (select clock_timestamp()) clock (now),
                    lateral (select least($2, bucket.tokens
                        + greatest(0, extract(epoch from now - bucket.at)) * $3)) refilled (tokens),
                    lateral (select refilled.tokens >= 1) test (has_one),
                    lateral (select case when has_one then refilled.tokens - 1 else refilled.tokens end)
                        after (left_over))
            returning taken, tokens
            """);
        command.Parameters.AddWithValue(key.ToString());
        command.Parameters.AddWithValue(size.Burst);
        command.Parameters.AddWithValue(size.PerSecond);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return reader.GetBoolean(0) ? null : size.UntilOne(reader.GetDouble(1));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PurgeEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PurgeAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.Log(Unavailable.Is(e) ? LogLevel.Debug : LogLevel.Error, e, "Full buckets were not removed.");
            }
        }
    }

    /// <summary>A full bucket is like none.</summary>
    internal async Task PurgeAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "delete from chat_limits.buckets where full_at < clock_timestamp()");
        await command.ExecuteNonQueryAsync(ct);
    }
}
