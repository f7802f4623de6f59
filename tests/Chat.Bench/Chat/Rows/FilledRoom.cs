using System.Diagnostics;
using System.Globalization;
using System.Text;
using Chat.Bench.Chat.Clients;
using Chat.Bench.Chat.Servers;
using Chat.Bench.GraphQL.Http;
using Chat.Domain.Messages;
using Chat.EventStore;
using Chat.Projections;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Bench.Chat.Rows;

/// <summary>A room with many messages. They are appended to the log as the server does, but many at a time.</summary>
internal sealed record FilledRoom(Guid Id, ChatUser Member, TimeSpan Filling)
{
    private const int EventsOfAppend = 1_000;

    /// <summary>Events before the messages: made, and joined.</summary>
    private const int EventsBefore = ChatPlan.PeopleOfRoom;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Makes a room with members who have posted in turn, and waits until the read models show it.</summary>
    public static async Task<FilledRoom> MakeAsync(
        BenchRun bench, int messages, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var people = await bench.Ours.RegisterAsync(ChatPlan.PeopleOfRoom, cancellation);
        var room = await people[0].CreateRoomAsync($"Room of {messages}", cancellation);
        foreach (var person in people[1..])
            await person.JoinRoomAsync(room, cancellation);
        var authors = new List<Guid>();
        foreach (var person in people)
            authors.Add(await person.IdAsync(cancellation));

        await using var source = NpgsqlDataSource.Create(bench.Database);
        var options = new EventStoreOptions
        {
            NodeName = "bench",
            MasterKeys = new Dictionary<int, byte[]> { [1] = Convert.FromBase64String(bench.MasterKey) },
        };
        options.Types.MapChatEvents();
        await using var log = new EventLog(source, options, NullLogger<EventLog>.Instance);
        // One at a time: the messages are to be in the order of their numbers.
        for (var first = 0; first < messages; first += EventsOfAppend)
        {
            await log.AppendAsync(
                new Append
                {
                    StreamId = room,
                    Events =
                    [
                        .. Enumerable.Range(first, Math.Min(EventsOfAppend, messages - first))
                            .Select(number => Posted(number, authors[number % authors.Count])),
                    ],
                },
                cancellation);
        }

        var filled = new FilledRoom(room, people[^1], TimeSpan.Zero);
        while (filled.Position(bench.Ours) < EventsBefore + messages)
            await Task.Delay(Pause, cancellation);
        return filled with { Filling = clock.Elapsed };
    }

    /// <summary>What the web client asks when somebody opens the room.</summary>
    public byte[] OpeningRequest(OurServer server) =>
        HttpConnection.Request(
            server.Address, WebDocuments.Request(WebDocuments.OpenRoom, new { id = Id }), Member.Token);

    private long Position(OurServer server)
    {
        using var connection = new HttpConnection(server.Address);
        var json = WebDocuments.Request("query($id: UUID!) { room(id: $id) { position } }", new { id = Id });
        var answer = connection.Exchange(HttpConnection.Request(server.Address, json, Member.Token));
        var digits = Encoding.UTF8.GetString(answer).Where(char.IsAsciiDigit).ToArray();
        return long.Parse(digits, CultureInfo.InvariantCulture);
    }

    private static NewEvent Posted(int number, Guid author)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var text = new byte[NumberedText.Bytes];
        NumberedText.Write(text, number);
        return new(id, new MessagePosted(id, author, Encoding.ASCII.GetString(text)));
    }
}
