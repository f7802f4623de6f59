using Chat.Api.Hosting;
using Npgsql;

namespace Chat.Api.Realtime.Backplanes;

/// <summary>
/// NOTIFY of the server's own database: several nodes need nothing else. One connection listens, another one sends;
/// both are its own, so that signals wait for no request and no request for them.
/// </summary>
internal sealed class PostgresBackplane : IBackplane, IAsyncDisposable
{
    public const string Channel = "chat_signals";

    /// <summary>
    /// Every node hears its own heartbeats. Who hears nothing for so long has lost the connection, whatever the
    /// operating system believes.
    /// </summary>
    public static readonly TimeSpan SilenceMax = 3 * PresenceRegister.HeartbeatEvery;

    private static readonly TimeSpan SendMax = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _listening;
    private readonly NpgsqlDataSource _sending;

    public PostgresBackplane(ChatOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.Database)
        {
            ApplicationName = $"chat {options.NodeName} signals",
            MaxPoolSize = 1,
            MinPoolSize = 0,
            Timeout = (int)SendMax.TotalSeconds,
            CommandTimeout = (int)SendMax.TotalSeconds,
        };
        _listening = NpgsqlDataSource.Create(settings.ConnectionString);
        // A NOTIFY is a commit, but it need not wait for the disk, still less for the standbys.
        settings.Options = $"{settings.Options} -c synchronous_commit=off".TrimStart();
        _sending = NpgsqlDataSource.Create(settings.ConnectionString);
    }

    /// <summary>A payload is shorter than 8,000 bytes (PostgreSQL, NOTIFY).</summary>
    public int MessageBytesMax => 7_999;

    public async Task SendAsync(IReadOnlyList<string> messages, CancellationToken ct)
    {
        await using var command = _sending.CreateCommand(
            $"""
             select pg_notify('{Channel}', message)
             from unnest($1) with ordinality told (message, place) order by place
             """);
        command.Parameters.AddWithValue(messages.ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task ListenAsync(Action connected, Action<string> heard, CancellationToken ct)
    {
        await using var connection = await _listening.OpenConnectionAsync(ct);
        connection.Notification += (_, notification) => heard(notification.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
            await listen.ExecuteNonQueryAsync(ct);
        connected();
        while (await connection.WaitAsync(SilenceMax, ct))
        {
            // The event above has heard it.
        }

        throw new TimeoutException($"Nothing was heard for {SilenceMax.TotalSeconds} s.");
    }

    public async ValueTask DisposeAsync()
    {
        await _listening.DisposeAsync();
        await _sending.DisposeAsync();
    }
}
