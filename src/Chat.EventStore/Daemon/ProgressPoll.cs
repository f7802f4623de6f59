using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Reads the progress of a projection for all who wait for it in a process that does not own it: one query after each
/// interval, however many wait, and none when nobody does.
/// </summary>
internal sealed class ProgressPoll(
    ProgressReader reader, NpgsqlDataSource dataSource, TimeSpan interval, TimeProvider clock)
{
    private readonly Lock gate = new();
    private Task<Exception?>? running;

    /// <summary>Ends with the next read; the result is what went wrong.</summary>
    public Task<Exception?> Next()
    {
        lock (gate)
        {
            if (running is null || running.IsCompleted)
                running = Start();
            return running;
        }
    }

    private Task<Exception?> Start()
    {
        Exception? failure = null;
        return BackgroundLoop.Run(async () =>
        {
            try
            {
                await Task.Delay(interval, clock);
                await using var connection = await dataSource.OpenConnectionAsync();
                await reader.ReadAsync(connection, CancellationToken.None);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }).ContinueWith(_ => failure, TaskScheduler.Default);
    }
}
