using Chat.Api.Accounts;
using Chat.Api.Tests.Messages;
using Chat.GraphQL;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Api.Tests.Realtime;

/// <summary>What events cost in reads of the database, however many watch and however many there are.</summary>
public sealed class EventQueryCountTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Replies =
        """
        subscription($roomId: UUID!, $after: Long) { roomEvents(roomId: $roomId, after: $after) {
          position ... on MessagePosted { message { text author { id displayName presence } replyTo { id text } } }
        } }
        """;

    [Fact]
    public async Task A_live_reply_to_many_watchers_is_read_for_all_of_them_together()
    {
        const int watchers = 20;
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        var replyToId = await alice.SayAsync(roomId, "question");
        var people = new List<ChatClient>();
        for (var i = 0; i < watchers; i++)
        {
            people.Add(await server.GuestAsync($"Guest {i}"));
            await people[i].JoinAsync(roomId);
        }

        var after = await alice.PositionAsync(roomId);
        var sockets = new List<ChatSocket>();
        foreach (var person in people)
        {
            sockets.Add(await person.ConnectAsync());
            await sockets[^1].SubscribeAsync(Replies, new { roomId, after });
        }

        await ReplyAsync("some have this one from the log");
        await ReplyAsync("all have come for this one");
        // From now on nobody's answer is made before all have come for it.
        var options = server.Services.GetRequiredService<GraphQLOptions>();
        var window = options.EventBatchWindow;
        options.EventBatchWindow = TimeSpan.FromMinutes(1);
        await ForgetSessionsAsync();
        using var queries = new QueryCounter(server);
        await ReplyAsync("answer");
        options.EventBatchWindow = window;
        // The post itself reads six times. A query for sessions may begin while the watchers are still being asked for.
        queries.Reads.Count.ShouldBeInRange(6, 12, string.Join('\n', queries.Reads));
        queries.SessionReads.Count.ShouldBeInRange(1, watchers / 2);
        foreach (var socket in sockets)
            await socket.DisposeAsync();
        people.ForEach(person => person.Dispose());

        async Task ReplyAsync(string text)
        {
            await alice.SayAsync(new { roomId, text, replyToId });
            foreach (var socket in sockets)
            {
                var message = (await socket.NextAsync()).ShouldNotBeNull().GetProperty("message");
                message.GetProperty("text").GetString().ShouldBe(text);
                message.GetProperty("replyTo").GetProperty("text").GetString().ShouldBe("question");
            }
        }
    }

    [Fact]
    public async Task What_all_who_watch_a_room_have_had_is_not_kept_for_those_who_watch_others()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var sockets = new List<ChatSocket>();
        var rooms = new List<Guid>();
        for (var i = 0; i < 2; i++)
        {
            rooms.Add(await alice.CreateRoomAsync());
            await bob.JoinAsync(rooms[i]);
            foreach (var person in new[] { alice, bob })
            {
                sockets.Add(await person.ConnectAsync());
                await sockets[^1].SubscribeAsync(
                    "subscription($roomId: UUID!, $after: Long) { roomEvents(roomId: $roomId, after: $after) { at } }",
                    new { roomId = rooms[i], after = await alice.PositionAsync(rooms[i]) });
            }
        }

        // Who comes late has the first of them from the log: another object, which is nobody else's.
        var responses = server.Services.GetRequiredService<GraphQLExecutor>().Groups.Responses;
        await SayInAllAsync();
        var before = responses.Count;
        await SayInAllAsync();
        responses.Count.ShouldBeLessThanOrEqualTo(before);
        foreach (var socket in sockets)
            await socket.DisposeAsync();

        async Task SayInAllAsync()
        {
            foreach (var roomId in rooms)
                await alice.SayAsync(roomId, "hello");
            foreach (var socket in sockets)
                (await socket.NextAsync()).ShouldNotBeNull();
        }
    }

    [Theory]
    [InlineData("roomEvents(roomId: $roomId, after: $after)", "")]
    [InlineData("events(after: $after)", "event")]
    public async Task Events_that_are_caught_up_with_are_read_page_by_page(string field, string inner)
    {
        const int events = 200;
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        var after = inner.Length == 0
            ? await alice.PositionAsync(roomId)
            : (await bob.DataAsync("{ viewer { cursor } }")).GetProperty("viewer").GetProperty("cursor").GetInt64();
        var replyToId = await alice.SayAsync(roomId, "message 0");
        await alice.ForEachAsync(
            "postMessage", Enumerable.Range(1, events - 1),
            i => $"roomId: \"{roomId}\", text: \"message {i}\", replyToId: \"{replyToId}\"");
        const string Fields = "... on MessagePosted { message { text author { displayName } replyTo { text } } }";
        var selection = inner.Length == 0 ? Fields : $"{inner} {{ {Fields} }}";
        await using var socket = await bob.ConnectAsync();
        using var queries = new QueryCounter(server);
        var variables = inner.Length == 0 ? "$roomId: UUID!, $after: Long" : "$after: Long";
        await socket.SubscribeAsync(
            $"subscription({variables}) {{ {field} {{ {selection} }} }}", new { roomId, after });
        for (var i = 0; i < events; i++)
        {
            var next = (await socket.NextAsync(field[..field.IndexOf('(')])).ShouldNotBeNull();
            var message = (inner.Length == 0 ? next : next.GetProperty(inner)).GetProperty("message");
            message.GetProperty("text").GetString().ShouldBe($"message {i}");
            if (i > 0)
                message.GetProperty("replyTo").GetProperty("text").GetString().ShouldBe("message 0");
        }

        // What is newest when it is read may come live.
        queries.Reads.Count.ShouldBeInRange(6, 60, string.Join('\n', queries.Reads));
    }

    // They are looked up anew then: as they are for whoever gets an event now and then.
    private async Task ForgetSessionsAsync()
    {
        var sessions = server.Services.GetRequiredService<Sessions>();
        await using var command = server.Database.CreateCommand("select id from chat_auth.sessions");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            sessions.Forget(reader.GetGuid(0));
    }
}
