using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Chat.Bench.GraphQL.Servers;

/// <summary>
/// The floor: no GraphQL, handlers written by hand for the bench's requests on the same web server. Responses are made
/// from the data each time; a message is encoded once for all its subscribers.
/// </summary>
internal sealed class FloorServer
{
    private const string ContentType = "application/json; charset=utf-8";
    private const int ReceiveSize = 4 * 1024;

    private readonly ConcurrentDictionary<WebSocket, bool> subscribers = new();

    public static RunningServer Build(WebApplicationBuilder builder)
    {
        var server = new FloorServer();
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(server.HandleAsync);
        return new(app, server.PublishAsync);
    }

    private Task HandleAsync(HttpContext http) =>
        http.WebSockets.IsWebSocketRequest ? ServeSocketAsync(http) : AnswerAsync(http);

    private static async Task AnswerAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        ReadResult read;
        while (!(read = await reader.ReadAsync()).IsCompleted)
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        var json = new FloorJson();
        Write(json, read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray());
        reader.AdvanceTo(read.Buffer.End);
        http.Response.ContentType = ContentType;
        http.Response.ContentLength = json.Written.Length;
        await http.Response.BodyWriter.WriteAsync(json.Written);
        json.Return();
    }

    private static void Write(FloorJson json, ReadOnlySpan<byte> request)
    {
        if (request.IndexOf("hello"u8) >= 0)
        {
            json.Raw("{\"data\":{\"hello\":"u8);
            json.Text(ChatData.Hello);
            json.Raw("}}"u8);
            return;
        }

        var withAuthor = request.IndexOf("author"u8) >= 0;
        json.Raw("{\"data\":{\"rooms\":["u8);
        var isFirst = true;
        foreach (var room in ChatData.Rooms)
        {
            json.Raw(isFirst ? "{\"id\":"u8 : ",{\"id\":"u8);
            isFirst = false;
            json.Number(room.Id);
            json.Raw(",\"name\":"u8);
            json.Text(room.Name);
            json.Raw(",\"messages\":["u8);
            for (var i = 0; i < room.Messages.Count; i++)
            {
                if (i > 0)
                    json.Raw(","u8);
                Write(json, room.Messages[i], withAuthor);
            }

            json.Raw("]}"u8);
        }

        json.Raw("]}}"u8);
    }

    private static void Write(FloorJson json, Message message, bool withAuthor)
    {
        json.Raw("{\"id\":"u8);
        json.Number(message.Id);
        json.Raw(",\"text\":"u8);
        json.Text(message.Text);
        if (withAuthor)
        {
            var author = ChatData.Users[message.AuthorId];
            json.Raw(",\"author\":{\"id\":"u8);
            json.Number(author.Id);
            json.Raw(",\"name\":"u8);
            json.Text(author.Name);
            json.Raw("}"u8);
        }

        json.Raw("}"u8);
    }

    /// <summary>Acknowledges the connection, takes one subscription, and then only waits for the end.</summary>
    private async Task ServeSocketAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync("graphql-transport-ws");
        var buffer = new byte[ReceiveSize];
        await socket.ReceiveAsync(buffer, default);
        await socket.SendAsync(
            "{\"type\":\"connection_ack\"}"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, default);
        var subscribe = await socket.ReceiveAsync(buffer, default);
        subscribers[socket] = Encoding.UTF8.GetString(buffer, 0, subscribe.Count)
            .Contains("author", StringComparison.Ordinal);
        try
        {
            await socket.ReceiveAsync(Memory<byte>.Empty, default);
        }
        catch (WebSocketException)
        {
            // The bench drops its sockets.
        }

        subscribers.TryRemove(socket, out _);
    }

    private async ValueTask PublishAsync(Message message)
    {
        var plain = Encode(message, withAuthor: false);
        var full = Encode(message, withAuthor: true);
        foreach (var (socket, withAuthor) in subscribers)
        {
            await socket.SendAsync(
                withAuthor ? full : plain, WebSocketMessageType.Text, endOfMessage: true, default);
        }
    }

    private static byte[] Encode(Message message, bool withAuthor)
    {
        var json = new FloorJson();
        json.Raw("{\"id\":\"1\",\"type\":\"next\",\"payload\":{\"data\":{\"messageSent\":"u8);
        Write(json, message, withAuthor);
        json.Raw("}}}"u8);
        var bytes = json.Written.ToArray();
        json.Return();
        return bytes;
    }
}
