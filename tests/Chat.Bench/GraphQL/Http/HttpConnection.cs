using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chat.Bench.GraphQL.Http;

/// <summary>
/// A connection that is kept alive, with one request at a time, on blocking calls: the client costs as little as it
/// can, for it must not be what is measured.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private const int FirstSize = 128 * 1024;

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] received = new byte[FirstSize];
    private byte[] body = new byte[FirstSize];
    private int length;

    public HttpConnection(Uri server) => socket.Connect(IPAddress.Parse(server.Host), server.Port);

    /// <summary>A POST of a query, as bytes.</summary>
    public static byte[] Request(Uri server, string query) => Request(server, $$"""{"query":"{{query}}"}""", null);

    /// <summary>A POST of JSON, as bytes.</summary>
    public static byte[] Request(Uri server, string json, string? token)
    {
        var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST /graphql HTTP/1.1\r\nHost: {server.Authority}\r\nAccept: application/json\r\n{authorization}" +
            $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}"));
    }

    /// <summary>Sends a request and reads the body of its response, which is valid until the next one.</summary>
    public ReadOnlySpan<byte> Exchange(ReadOnlySpan<byte> request)
    {
        socket.Send(request);
        length = 0;
        int head;
        while ((head = received.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
            Receive();
        var headers = received.AsSpan(0, head + 2);
        if (!headers.StartsWith("HTTP/1.1 200 "u8))
            throw new InvalidOperationException($"A server answered: {Encoding.UTF8.GetString(headers)}");
        var start = head + 4;
        if (ContentLength(headers) is not { } size)
            return ReadChunks(start);
        while (length < start + size)
            Receive();
        return received.AsSpan(start, size);
    }

    public void Dispose() => socket.Dispose();

    private ReadOnlySpan<byte> ReadChunks(int position)
    {
        var total = 0;
        while (true)
        {
            int line;
            while ((line = received.AsSpan(position, length - position).IndexOf("\r\n"u8)) < 0)
                Receive();
            if (!Utf8Parser.TryParse(received.AsSpan(position, line), out int size, out _, 'x'))
                throw new InvalidOperationException("A server sent a chunk without its length.");
            position += line + 2;
            while (length < position + size + 2)
                Receive();
            if (size == 0)
                return body.AsSpan(0, total);
            if (body.Length < total + size)
                Array.Resize(ref body, Math.Max(body.Length * 2, total + size));
            received.AsSpan(position, size).CopyTo(body.AsSpan(total));
            total += size;
            position += size + 2;
        }
    }

    private void Receive()
    {
        if (length == received.Length)
            Array.Resize(ref received, received.Length * 2);
        var count = socket.Receive(received.AsSpan(length));
        length += count > 0 ? count : throw new InvalidOperationException("A server closed the connection.");
    }

    private static int? ContentLength(ReadOnlySpan<byte> headers)
    {
        var name = "content-length:"u8;
        while (headers.Length > 0)
        {
            var end = headers.IndexOf("\r\n"u8);
            var line = headers[..end];
            if (line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name) &&
                Utf8Parser.TryParse(line[name.Length..].TrimStart((byte)' '), out int size, out _))
            {
                return size;
            }

            headers = headers[(end + 2)..];
        }

        return null;
    }
}
