using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Chat.Bench.Chat.Clients;

/// <summary>
/// A person on our server: one socket of graphql-transport-ws with the subscription of the room, and with the documents
/// that the web client uses. Messages are posted over it too.
/// </summary>
internal sealed class GraphQLConnection : Connection
{
    private const string UserName = "fragment UserName on User { id displayName isGuest isBot }";
    private const string MessageBody = "fragment MessageBody on Message { id position author { ...UserName } text sentAt }";

    private const string RoomEvents =
        "subscription RoomEvents($roomId: UUID!, $after: Long) { roomEvents(roomId: $roomId, after: $after) { "
        + "...RoomEventFields } } fragment RoomEventFields on RoomEvent { __typename roomId position at "
        + "actor { ...UserName } ... on RoomCreated { room { id name topic } } "
        + "... on MemberChanged { user { ...UserName } change role } "
        + "... on MessagePosted { message { ...MessageBody } } } " + UserName + " " + MessageBody;

    private const string PostMessage =
        "mutation PostMessage($input: PostMessageInput!) { postMessage(input: $input) { message { ...MessageBody } "
        + "position errors { ...Refusal } } } fragment Refusal on CommandError { code message field retryAfterMs } "
        + UserName + " " + MessageBody;

    /// <summary>A key of RFC 6455, section 4.1; the answer to it is not looked at.</summary>
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    private const int Digits = 10;
    private const byte Final = 0x80;
    private const byte TextFrame = 1;
    private const byte PingFrame = 9;
    private const byte PongFrame = 10;
    private const byte Masked = 0x80;
    private const int MaskBytes = 4;
    private const int Length16 = 126;
    private const int Length64 = 127;

    private readonly byte[] post;
    private readonly int idAt;
    private readonly int commandAt;
    private readonly int textAt;

    private GraphQLConnection(IPEndPoint server, int person, int room, Guid roomId) : base(server, person, room)
    {
        var number = new string('0', Digits);
        var text = new string('#', NumberedText.Bytes);
        var input = $$"""{"commandId":"00000000-0000-4000-8000-00{{number}}","roomId":"{{roomId}}","text":"{{text}}"}""";
        var payload = $$"""{"query":"{{PostMessage}}","variables":{"input":{{input}} } }""";
        post = Frame(TextFrame, Encoding.UTF8.GetBytes(
            $$"""{"id":"p{{number}}","type":"subscribe","payload":{{payload}} }"""));
        idAt = post.AsSpan().IndexOf("\"id\":\"p"u8) + "\"id\":\"p".Length;
        commandAt = post.AsSpan().IndexOf("-4000-8000-00"u8) + "-4000-8000-00".Length;
        textAt = post.AsSpan().IndexOf("##"u8);
    }

    /// <summary>Opens the socket and subscribes to what comes after the position.</summary>
    public static GraphQLConnection Open(
        Uri server, string token, Guid roomId, long after, int person, int room)
    {
        var address = new IPEndPoint(IPAddress.Loopback, server.Port);
        var connection = new GraphQLConnection(address, person, room, roomId);
        connection.Send(
            $"GET /graphql HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Key}\r\n"
            + "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n");
        var head = connection.WaitFor("\r\n\r\n");
        if (!head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
            throw new InvalidOperationException($"The server answered: {head}");
        connection.SendText(
            JsonSerializer.Serialize(
                new { type = "connection_init", payload = new { authorization = $"Bearer {token}" } }));
        connection.WaitFor("{\"type\":\"connection_ack\"}");
        connection.SendText(
            JsonSerializer.Serialize(
                new
                {
                    id = "e",
                    type = "subscribe",
                    payload = new { query = RoomEvents, variables = new { roomId, after } },
                }));
        return connection;
    }

    public override void Post(int number)
    {
        var digits = new StandardFormat('D', Digits);
        Utf8Formatter.TryFormat(number, post.AsSpan(idAt), out _, digits);
        Utf8Formatter.TryFormat(number, post.AsSpan(commandAt), out _, digits);
        NumberedText.Write(post.AsSpan(textAt), number);
        Send(post);
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
            case Final | TextFrame: Take(payload, NumberedText.NumberAfter("\"text\":\""u8, payload)); break;
            case Final | PingFrame: Send(Frame(PongFrame, payload)); break;
            default: throw new InvalidOperationException($"The server sent a frame of the kind {bytes[0]}.");
        }

        return head + length;
    }

    private void Take(ReadOnlySpan<byte> payload, int number)
    {
        var isEvent = payload.StartsWith("{\"id\":\"e\",\"type\":\"next\",\"payload\":{\"data\":{"u8);
        var isAnswer = payload.StartsWith("{\"id\":\"p"u8);
        switch (isEvent, isAnswer)
        {
            case (true, _) when number >= 0: Message(number); break;
            // Somebody else who joined.
            case (true, _): break;
            case (_, true) when number >= 0 || payload.IndexOf("\"type\":\"complete\""u8) > 0: break;
            case (_, true): Failure(Encoding.UTF8.GetString(payload)); break;
            case (false, false) when payload.SequenceEqual("{\"type\":\"ping\"}"u8): SendText("{\"type\":\"pong\"}"); break;
            default: throw new InvalidOperationException($"The server sent {Encoding.UTF8.GetString(payload)}");
        }
    }

    private void SendText(string text) => Send(Frame(TextFrame, Encoding.UTF8.GetBytes(text)));

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
