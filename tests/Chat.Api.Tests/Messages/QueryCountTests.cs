namespace Chat.Api.Tests.Messages;

/// <summary>What an answer costs in reads of the read models.</summary>
public sealed class QueryCountTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task A_page_of_messages_is_read_in_as_many_queries_as_a_short_one()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        await SayAsync(2);
        var few = await CountAsync(ReadAsync);
        few.ShouldBeInRange(5, 15);
        await SayAsync(10);
        (await CountAsync(ReadAsync)).ShouldBe(few);

        async Task SayAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var first = await alice.SayAsync(roomId, "first");
                var messageId = (await bob.SayAsync(
                    new { roomId, text = "second", replyToId = first, mentionIds = new[] { alice.Id } })).Id();
                await alice.ChangeAsync("addReaction", new { messageId, emoji = ReactionTests.Kinds(20)[i] });
            }
        }

        Task ReadAsync() => alice.DataAsync(
            $"query($id: UUID!) {{ room(id: $id) {{ messages {{ nodes {{ {MessageCalls.Fields} }} }} }} }}",
            new { id = roomId });
    }

    [Fact]
    public async Task A_plain_post_reads_nothing()
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        await alice.SayAsync(roomId, "The room's state is cached now.");
        const string Plain = "position message { id text sentAt replyTo { id } reactions { emoji } pinned }";
        (await CountAsync(() => alice.DoAsync("postMessage", new { roomId, text = "plain" }, Plain))).ShouldBe(0);
        (await CountAsync(() => alice.DoAsync(
            "postMessage", new { roomId, text = "plain" }, "message { author { id } }"))).ShouldBeLessThan(2);
    }

    private async Task<int> CountAsync(Func<Task> run)
    {
        using var queries = new QueryCounter(server);
        await run();
        return queries.Reads.Count;
    }
}
