using System.Net.Sockets;
using System.Text;

namespace Chat.Bench.Chat.Servers;

/// <summary>The garbage collector of another .NET process, through the diagnostic port that every one has.</summary>
internal static class ManagedHeap
{
    private const byte EventPipeCommands = 2;
    private const byte CollectTracing2 = 3;
    private const int HeaderBytes = 20;
    private const uint BufferMegabytes = 1;
    private const uint NetTrace = 1;
    private const ulong CollectHeap = 0x800000;
    private const uint Informational = 4;

    /// <summary>A blocking collection takes far less.</summary>
    private static readonly TimeSpan Collection = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Collects everything: a trace that begins with the keyword GCHeapCollect does so.
    /// (github.com/dotnet/diagnostics, documentation/design-docs/ipc-protocol.md)
    /// </summary>
    public static async Task CollectAsync(int process, CancellationToken cancellation)
    {
        // One that was killed may have left its port behind, and its number to this one.
        var path = Directory.EnumerateFiles(Path.GetTempPath(), $"dotnet-diagnostic-{process}-*-socket")
            .MaxBy(File.GetCreationTimeUtc)
            ?? throw new InvalidOperationException($"The process {process} has no diagnostic port.");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        await socket.SendAsync(Request(), cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(Collection);
        var trace = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(trace, over.Token) > 0)
            {
                // The trace itself is of no interest.
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Closing the socket ends the trace.
        }
    }

    private static byte[] Request()
    {
        using var payload = new MemoryStream();
        using var writer = new BinaryWriter(payload);
        writer.Write(BufferMegabytes);
        writer.Write(NetTrace);
        writer.Write(false);
        writer.Write(1u);
        writer.Write(CollectHeap);
        writer.Write(Informational);
        const string Provider = "Microsoft-Windows-DotNETRuntime\0";
        writer.Write((uint)Provider.Length);
        writer.Write(Encoding.Unicode.GetBytes(Provider));
        writer.Write(0u);
        writer.Flush();

        using var message = new MemoryStream();
        using var header = new BinaryWriter(message);
        header.Write("DOTNET_IPC_V1\0"u8);
        header.Write((ushort)(HeaderBytes + payload.Length));
        header.Write(EventPipeCommands);
        header.Write(CollectTracing2);
        header.Write((ushort)0);
        header.Write(payload.ToArray());
        header.Flush();
        return message.ToArray();
    }
}
