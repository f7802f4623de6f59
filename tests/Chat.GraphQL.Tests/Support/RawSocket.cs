using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Chat.GraphQL.Tests;

/// <summary>
/// A WebSocket client that sends exactly the bytes it is told to, also those that no client should (RFC 6455, section
/// 5.2), and answers nothing by itself.
/// </summary>
internal sealed class RawSocket : IDisposable
{
    public const int Continuation = 0;
    public const int Text = 1;
    public const int Binary = 2;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    private const int SmallLength = 125;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TcpClient client;
    private readonly NetworkStream stream;

    private RawSocket(TcpClient client)
    {
        this.client = client;
        stream = client.GetStream();
    }

    /// <summary>Connects, and upgrades to graphql-transport-ws.</summary>
    public static async Task<RawSocket> ConnectAsync(Uri address)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port, Cancel.Test);
        var socket = new RawSocket(connection);
        await socket.SendBytesAsync(Encoding.ASCII.GetBytes(
            $"GET /graphql HTTP/1.1\r\nHost: {address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"));
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append((char)(await socket.ReadExactlyAsync(1))[0]);
        head.ToString().ShouldStartWith("HTTP/1.1 101 ");
        return socket;
    }

    public Task SendTextAsync(string text) => SendFrameAsync(Text, Encoding.UTF8.GetBytes(text));

    /// <summary>Sends a frame; <paramref name="first"/> has FIN and the reserved bits, as in its first byte.</summary>
    public Task SendFrameAsync(
        int opcode, ReadOnlyMemory<byte> payload, int first = 0x80, bool isMasked = true, ulong? length = null) =>
        SendBytesAsync(Frame(opcode, payload.Span, first, isMasked, length));

    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        await stream.WriteAsync(bytes, patience.Token);
    }

    /// <summary>The next frame of the server; null when it has closed or dropped the connection.</summary>
    public async Task<(int Opcode, byte[] Payload)?> ReadFrameAsync()
    {
        try
        {
            var head = await ReadExactlyAsync(2);
            var length = (ulong)head[1];
            if (length == SmallLength + 1)
                length = BinaryPrimitives.ReadUInt16BigEndian(await ReadExactlyAsync(sizeof(ushort)));
            else if (length == SmallLength + 2)
                length = BinaryPrimitives.ReadUInt64BigEndian(await ReadExactlyAsync(sizeof(ulong)));
            return (head[0] & 0x0F, await ReadExactlyAsync((int)length));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reads until the server closes; the code of its close frame, or null when it only drops.</summary>
    public async Task<int?> ReadCloseAsync()
    {
        while (await ReadFrameAsync() is var (opcode, payload))
        {
            if (opcode == Close)
                return BinaryPrimitives.ReadUInt16BigEndian(payload);
        }

        return null;
    }

    /// <summary>Says that nothing more will be sent, but goes on reading.</summary>
    public void EndSending() => client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Resets the connection.</summary>
    public void Reset()
    {
        client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Close();
    }

    public void Dispose() => client.Dispose();

    public static byte[] Frame(
        int opcode, ReadOnlySpan<byte> payload, int first = 0x80, bool isMasked = true, ulong? length = null)
    {
        var mask = isMasked ? 0x80 : 0;
        var said = length ?? (ulong)payload.Length;
        using var frame = new MemoryStream();
        frame.WriteByte((byte)(first | opcode));
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        if (said <= SmallLength)
        {
            frame.WriteByte((byte)(mask | (int)said));
        }
        else if (said <= ushort.MaxValue)
        {
            frame.WriteByte((byte)(mask | (SmallLength + 1)));
            BinaryPrimitives.WriteUInt16BigEndian(number, (ushort)said);
            frame.Write(number[..sizeof(ushort)]);
        }
        else
        {
            frame.WriteByte((byte)(mask | (SmallLength + 2)));
            BinaryPrimitives.WriteUInt64BigEndian(number, said);
            frame.Write(number);
        }

        // A mask of zeros is one, and leaves the payload as it is.
        if (isMasked)
            frame.Write([0, 0, 0, 0]);
        frame.Write(payload);
        return frame.ToArray();
    }

    private async Task<byte[]> ReadExactlyAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, patience.Token);
        return bytes;
    }
}
