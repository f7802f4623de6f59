using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Listens to what other processes announce. Announcements may be lost with a connection, so nothing relies on them
/// alone.
/// </summary>
internal sealed class NotificationListener(NpgsqlDataSource dataSource, EventStoreOptions options, ILogger logger)
{
    private readonly ConcurrentDictionary<string, Action<string>> handlers = new(StringComparer.Ordinal);

    /// <summary>
    /// Handles the payloads of a channel. To be called before <see cref="RunAsync"/>, or again to replace the handler.
    /// </summary>
    public void On(string channel, Action<string> handle) => handlers[channel] = handle;

    /// <summary>Handles a payload; also for what this process has to tell itself.</summary>
    public void Hear(string channel, string payload)
    {
        if (handlers.TryGetValue(channel, out var handle))
            handle(payload);
    }

    /// <summary>Handles the payloads of a channel until <see cref="Off"/>; false when somebody else does.</summary>
    public bool TryOn(string channel, Action<string> handle) => handlers.TryAdd(channel, handle);

    /// <summary>Ends the handling of a channel.</summary>
    public void Off(string channel) => handlers.TryRemove(channel, out _);

    /// <summary>
    /// Listens until cancelled; <paramref name="connected"/> is called whenever announcements may have been missed.
    /// </summary>
    public async Task RunAsync(Action connected, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(options.ReconnectDelayMin, options.ReconnectDelayMax, options.Clock);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(
                    () =>
                    {
                        backoff.Reset();
                        connected();
                    },
                    cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "Listening for announcements was interrupted");
                await backoff.DelayAsync(cancellationToken);
            }
        }
    }

    private async Task ListenAsync(Action connected, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await ListenAsync(connection, connected, cancellationToken);
        }
        catch (Exception e)
        {
            // It still listens, which is not for whoever would have it next.
            NpgsqlSocket.Drop(connection, e);
            throw;
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection, Action connected, CancellationToken cancellationToken)
    {
        connection.Notification += (_, notification) => Hear(notification.Channel, notification.Payload);
        var listen = string.Join("; ", options.Channels.Select(channel => $"LISTEN {channel}"));
        await using (var command = new NpgsqlCommand(listen, connection))
            await command.ExecuteNonQueryAsync(cancellationToken);
        connected();
        while (true)
        {
            if (!await connection.WaitAsync(options.ListenerCheckInterval, cancellationToken))
                await CheckAsync(connection, cancellationToken);
        }
    }

    // Who only listens never learns that the other side is gone. A timeout of the driver's own would ask a server that
    // does not answer to cancel, and wait for that answer too.
    private async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = 0 };
        var answer = command.ExecuteNonQueryAsync(CancellationToken.None);
        try
        {
            await answer.WaitAsync(options.ListenerCheckInterval, options.Clock, cancellationToken);
        }
        catch (Exception e) when (!answer.IsCompleted)
        {
            NpgsqlSocket.Drop(connection, e);
            await answer.ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
            throw;
        }
    }
}
