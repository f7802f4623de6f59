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
        server.Services.GetRequiredService<GraphQLOptions>().EventBatchWindow = TimeSpan.FromMinutes(1);
        await ForgetSessionsAsync();
        using var queries = new QueryCounter(server);
        await ReplyAsync("answer");
        queries.Reads.Count.ShouldBeInRange(3, 10, string.Join('\n', queries.Reads));
        queries.SessionReads.Count.ShouldBeInRange(1, 6);
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
