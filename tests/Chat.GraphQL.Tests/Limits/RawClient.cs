using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>A connection of HTTP/1.1 that sends the bytes it is told and costs next to nothing itself.</summary>
public sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };

    private byte[] buffer = new byte[64 * 1024];

    public static async Task<RawClient> ConnectAsync(Uri address)
    {
        var client = new RawClient();
        await client.socket.ConnectAsync(address.Host, address.Port, Cancel.Test);
        return client;
    }

    public static byte[] Post(byte[] body, string headers = "") => [
        .. Encoding.ASCII.GetBytes(
            "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n" +
            $"{headers}content-length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n"),
        .. body,
    ];

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes, Cancel.Test)..];
    }

    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next response; null when the server ends the connection instead.</summary>
    public async Task<(int Status, ReadOnlyMemory<byte> Body)?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, 2 * length);
            int received;
            try
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(length), patience.Token);
            }
            catch (SocketException)
            {
                return null;
            }

            if (received == 0)
                return null;
            length += received;
            if (End(buffer.AsSpan(0, length)) is var (head, body) && length >= head + body)
            {
                var status = int.Parse(buffer.AsSpan(9, 3), CultureInfo.InvariantCulture);
                return (status, buffer.AsMemory(head, body));
            }
        }
    }

    public void Dispose() => socket.Dispose();

    private static (int Head, int Body)? End(ReadOnlySpan<byte> received)
    {
        var head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return null;
        var headers = Encoding.ASCII.GetString(received[..head]);
        var length = headers.IndexOf("content-length: ", StringComparison.OrdinalIgnoreCase);
        return (head + 4, length < 0 ? 0 : int.Parse(
            headers.AsSpan(length + 16).ToString().Split('\r')[0], CultureInfo.InvariantCulture));
    }
}
