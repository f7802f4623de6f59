using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Chat.Bench.Chat.Clients;

/// <summary>A person in one room of our server, who posts over the socket that has the room's events.</summary>
internal sealed class RoomSocket : GraphQLConnection
{
    private const int Digits = 10;

    private readonly byte[] post;
    private readonly int idAt;
    private readonly int commandAt;
    private readonly int textAt;

    private RoomSocket(Uri server, Guid roomId, int person, int room) : base(server, person, room)
    {
        var number = new string('0', Digits);
        var text = new string('#', NumberedText.Bytes);
        var commandId = $"00000000-0000-4000-8000-00{number}";
        var payload = WebDocuments.Request(WebDocuments.PostMessage, new { input = new { commandId, roomId, text } });
        post = Frame(Encoding.UTF8.GetBytes($$"""{"id":"p{{number}}","type":"subscribe","payload":{{payload}}}"""));
        idAt = post.AsSpan().IndexOf("\"id\":\"p"u8) + "\"id\":\"p".Length;
        commandAt = post.AsSpan().IndexOf("-4000-8000-00"u8) + "-4000-8000-00".Length;
        textAt = post.AsSpan().IndexOf("##"u8);
    }

    /// <summary>Subscribes to what comes after the position.</summary>
    public static RoomSocket Open(Uri server, string token, Guid roomId, long after, int person, int room)
    {
        var socket = new RoomSocket(server, roomId, person, room);
        socket.Open(token, WebDocuments.RoomEvents, new { roomId, after });
        return socket;
    }

    public override void Post(int number)
    {
        var digits = new StandardFormat('D', Digits);
        Utf8Formatter.TryFormat(number, post.AsSpan(idAt), out _, digits);
        Utf8Formatter.TryFormat(number, post.AsSpan(commandAt), out _, digits);
        NumberedText.Write(post.AsSpan(textAt), number);
        Send(post);
    }

    protected override void TakeMessage(ReadOnlySpan<byte> message)
    {
        var number = NumberedText.NumberAfter("\"text\":\""u8, message);
        if (message.StartsWith(EventHead))
        {
            // Without a number somebody else has joined.
            if (number >= 0)
                Message(number);
        }
        else if (!message.StartsWith("{\"id\":\"p"u8))
            throw new InvalidOperationException($"The server sent {Encoding.UTF8.GetString(message)}");
        else if (number < 0 && message.IndexOf("\"type\":\"complete\""u8) < 0)
            Failure(Encoding.UTF8.GetString(message));
    }
}
