using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Chat.Bench.Chat.Clients;

/// <summary>A socket of graphql-transport-ws (RFC 6455 below it) with one subscription, whose id is "e".</summary>
internal abstract class GraphQLConnection(Uri server, int person, int room)
    : Connection(new IPEndPoint(IPAddress.Loopback, server.Port), person, room)
{
    /// <summary>A key of RFC 6455, section 4.1; the answer to it is not looked at.</summary>
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    private const byte Final = 0x80;
    private const byte TextFrame = 1;
    private const byte PingFrame = 9;
    private const byte PongFrame = 10;
    private const byte Masked = 0x80;
    private const int MaskBytes = 4;
    private const int Length16 = 126;
    private const int Length64 = 127;

    protected static ReadOnlySpan<byte> EventHead => "{\"id\":\"e\",\"type\":\"next\",\"payload\":{\"data\":{"u8;

    /// <summary>Opens the socket and subscribes.</summary>
    protected void Open(string token, string query, object variables)
    {
        Send(
            $"GET /graphql HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Key}\r\n"
            + "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n");
        var head = WaitFor("\r\n\r\n");
        if (!head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
            throw new InvalidOperationException($"The server answered: {head}");
        var authorization = $"Bearer {token}";
        SendText(JsonSerializer.Serialize(new { type = "connection_init", payload = new { authorization } }));
        WaitFor("{\"type\":\"connection_ack\"}");
        SendText(JsonSerializer.Serialize(new { id = "e", type = "subscribe", payload = new { query, variables } }));
    }

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
            return 0;
        var (head, length) = (2, bytes[1] & 0x7f);
        if (length is Length16 or Length64)
        {
            head += length == Length16 ? sizeof(ushort) : sizeof(ulong);
            if (bytes.Length < head)
                return 0;
            length = length == Length16
                ? BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])
                : (int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]);
        }

        if (bytes.Length < head + length)
            return 0;
        var payload = bytes.Slice(head, length);
        switch (bytes[0])
        {
            case Final | TextFrame: TakeText(payload); break;
            case Final | PingFrame: Send(Frame(PongFrame, payload)); break;
            default: throw new InvalidOperationException($"The server sent a frame of the kind {bytes[0]}.");
        }

        return head + length;
    }

    /// <summary>Takes a message of the subprotocol.</summary>
    protected abstract void TakeMessage(ReadOnlySpan<byte> message);

    protected static byte[] Frame(ReadOnlySpan<byte> text) => Frame(TextFrame, text);

    private void TakeText(ReadOnlySpan<byte> message)
    {
        if (message.SequenceEqual("{\"type\":\"ping\"}"u8))
            SendText("{\"type\":\"pong\"}");
        else
            TakeMessage(message);
    }

    private void SendText(string text) => Send(Frame(Encoding.UTF8.GetBytes(text)));

    // A mask of zeros: clients have to mask, and this way the bytes stay what they are.
    private static byte[] Frame(byte kind, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > ushort.MaxValue)
            throw new ArgumentException("The frame is too long.", nameof(payload));
        var isShort = payload.Length < Length16;
        var head = 2 + (isShort ? 0 : sizeof(ushort)) + MaskBytes;
        var frame = new byte[head + payload.Length];
        frame[0] = (byte)(Final | kind);
        frame[1] = (byte)(Masked | (isShort ? payload.Length : Length16));
        if (!isShort)
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        payload.CopyTo(frame.AsSpan(head));
        return frame;
    }
}
