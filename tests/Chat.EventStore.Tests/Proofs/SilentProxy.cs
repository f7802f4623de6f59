using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>
/// Stands between a store and its server. Connections can be made to go silent as behind a pulled cable: they stay
/// open, and nothing comes through any more. New ones work.
/// </summary>
public sealed class SilentProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Link> links = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly int serverPort;
    private readonly Task accepting;

    public SilentProxy(int serverPort)
    {
        this.serverPort = serverPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Silences the open connections on which the client has said this; how many those are.</summary>
    public int Silence(string said)
    {
        var found = links.Where(link => !link.IsSilent && link.HasSaid(said)).ToList();
        found.ForEach(link => link.IsSilent = true);
        return found.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        foreach (var link in links)
            await link.EndAsync();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, serverPort, stopping.Token);
                links.Add(new(client, server, stopping.Token));
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private sealed class Link
    {
        private const int BufferBytes = 16 * 1024;

        private readonly Lock gate = new();
        private readonly TcpClient client;
        private readonly TcpClient server;
        private readonly Task pumping;
        private string said = "";
        private volatile bool isSilent;

        public Link(TcpClient client, TcpClient server, CancellationToken stopping)
        {
            (this.client, this.server) = (client, server);
            pumping = Task.WhenAll(
                PumpAsync(client, server, Hear, stopping), PumpAsync(server, client, _ => { }, stopping));
        }

        public bool IsSilent
        {
            get => isSilent;
            set => isSilent = value;
        }

        public bool HasSaid(string text)
        {
            lock (gate)
                return said.Contains(text);
        }

        public Task EndAsync() => pumping;

        private void Hear(ReadOnlySpan<byte> bytes)
        {
            lock (gate)
                said += System.Text.Encoding.Latin1.GetString(bytes);
        }

        private delegate void Heard(ReadOnlySpan<byte> bytes);

        private async Task PumpAsync(TcpClient from, TcpClient to, Heard hear, CancellationToken stopping)
        {
            var buffer = new byte[BufferBytes];
            try
            {
                while (await from.GetStream().ReadAsync(buffer, stopping) is > 0 and var read)
                {
                    hear(buffer.AsSpan(0, read));
                    if (!IsSilent)
                        await to.GetStream().WriteAsync(buffer.AsMemory(0, read), stopping);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // One side has closed, or the test is over.
            }
            finally
            {
                // A silent link says nothing of its end either.
                if (!IsSilent || stopping.IsCancellationRequested)
                {
                    client.Dispose();
                    server.Dispose();
                }
            }
        }
    }
}
