using System.Net;
using System.Net.Sockets;

namespace Chat.Api.Tests;

/// <summary>
/// Stands between the server and its database, so that a test can take the database away and bring it back.
/// </summary>
public sealed class TcpProxy(string targetHost, int targetPort) : IAsyncDisposable
{
    private readonly List<TcpClient> _clients = [];
    private TcpListener? _listener;
    private volatile TaskCompletionSource _flowing = Flowing();
    private volatile TaskCompletionSource _answering = Flowing();
    private volatile TaskCompletionSource _answered = Flowing();
    private int _port;

    public int Port => _port;

    /// <summary>Reserves the port without listening on it: connections are refused.</summary>
    public void Reserve()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        _port = ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public void Up()
    {
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync(_listener);
    }

    /// <summary>Nothing passes any more, and nobody is told: a machine that hangs.</summary>
    public void Freeze() => _flowing = Frozen();

    /// <summary>
    /// What the server asks still passes, and no answer does; the task ends when the first one is there.
    /// </summary>
    public Task FreezeAnswers()
    {
        (_answered, _answering) = (Frozen(), Frozen());
        return _answered.Task;
    }

    public void Thaw()
    {
        _flowing.TrySetResult();
        _answering.TrySetResult();
    }

    /// <summary>Resets all connections and refuses new ones.</summary>
    public void Down()
    {
        _listener?.Stop();
        _listener = null;
        lock (_clients)
        {
            foreach (var client in _clients)
                client.Close();
            _clients.Clear();
        }
    }

    public ValueTask DisposeAsync()
    {
        Thaw();
        Down();
        return ValueTask.CompletedTask;
    }

    private static TaskCompletionSource Frozen() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource();
        flowing.SetResult();
        return flowing;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                var target = new TcpClient { NoDelay = true };
                client.NoDelay = true;
                await target.ConnectAsync(targetHost, targetPort);
                lock (_clients)
                    _clients.AddRange([client, target]);
                _ = PumpAsync(client, target, () => _flowing.Task);
                _ = PumpAsync(target, client, AnswerAsync);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Down() stops the listener: that is how this loop ends.
        }
    }

    private async Task AnswerAsync()
    {
        _answered.TrySetResult();
        await _answering.Task;
        await _flowing.Task;
    }

    private static async Task PumpAsync(TcpClient from, TcpClient to, Func<Task> mayPass)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await from.GetStream().ReadAsync(buffer)) > 0)
            {
                await mayPass();
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone; so is the other.
        }

        from.Close();
        to.Close();
    }
}
