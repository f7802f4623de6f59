namespace Chat.Api.Tests.Messages;

public sealed class PostMessageTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Positions_have_no_gaps_under_many_posters()
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        var people = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => server.GuestAsync($"Guest {i}")));
        await Task.WhenAll(people.Select(person => person.JoinAsync(room)));
        var positions = await Task.WhenAll(people.SelectMany(person =>
            Enumerable.Range(0, 12).Select(i => person.PostAsync(room, $"message {i}"))));
        var first = people.Length + 2;
        positions.Order().ShouldBe(Enumerable.Range(first, positions.Length).Select(position => (long)position));
    }

    [Fact]
    public async Task A_repeated_command_posts_once_and_gets_the_first_result()
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        var commandId = Guid.NewGuid();
        var position = await alice.PostAsync(room, "once", commandId);
        await alice.PostAsync(room, "in between");
        var again = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => alice.PostAsync(room, "once", commandId)));
        again.ShouldAllBe(repeated => repeated == position);
        (await TextsAsync(alice, room)).ShouldBe(["once", "in between"]);

        (await alice.RefusalAsync("postMessage", new { roomId = room, text = "twice", commandId })).Code
            .ShouldBe("COMMAND_ID_REUSED");
        (await alice.RefusalAsync("createRoom", new { name = "Other", commandId })).Code.ShouldBe("COMMAND_ID_REUSED");
        (await TextsAsync(alice, room)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_repeated_command_that_races_with_itself_posts_once()
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        var commandId = Guid.NewGuid();
        var positions = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => alice.PostAsync(room, "once", commandId)));
        positions.Distinct().ShouldHaveSingleItem().ShouldBe(2);
        (await TextsAsync(alice, room)).ShouldBe(["once"]);
    }

    [Fact]
    public async Task A_commandId_is_its_accounts_own()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        var commandId = Guid.NewGuid();
        (await alice.PostAsync(room, "same", commandId)).ShouldBe(3);
        (await bob.PostAsync(room, "same", commandId)).ShouldBe(4);
    }

    [Fact]
    public async Task A_repeated_command_gets_its_first_result_also_when_it_would_be_refused_today()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var room = await alice.CreateRoomAsync();
        var join = Guid.NewGuid();
        (await JoinAsync()).ShouldBe(2);
        var post = Guid.NewGuid();
        (await bob.PostAsync(room, "bye", post)).ShouldBe(3);
        await bob.LeaveAsync(room);
        (await bob.PostAsync(room, "bye", post)).ShouldBe(3);
        (await JoinAsync()).ShouldBe(2);
        (await bob.RefusalAsync("postMessage", new { roomId = room, text = "still here" })).Code.ShouldBe("FORBIDDEN");

        async Task<long> JoinAsync()
        {
            var payload = await bob.DoAsync("joinRoom", new { roomId = room, commandId = join }, "position");
            return payload.GetProperty("position").GetInt64();
        }
    }

    [Fact]
    public async Task A_repeated_creation_is_the_same_room()
    {
        using var alice = await server.PersonAsync("Alice");
        var commandId = Guid.NewGuid();
        var rooms = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            (await alice.DoAsync("createRoom", new { name = "One", commandId }, "position room { id }"))
            .GetProperty("room").GetProperty("id").GetGuid()));
        rooms.Distinct().ShouldHaveSingleItem();
        (await alice.RefusalAsync("createRoom", new { name = "Two", commandId })).Code.ShouldBe("COMMAND_ID_REUSED");
    }

    [Fact]
    public async Task Bad_text_is_refused_and_nothing_is_written()
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        var before = await server.EventsAsync();
        foreach (var text in new[] { "", "   \n", new string('x', 10_001), "bell \u0007", "zero \u0000" })
            (await alice.RefusalAsync("postMessage", new { roomId = room, text })).ShouldBe(("INVALID_INPUT", "text"));
        (await alice.RefusalAsync("postMessage", new { roomId = Guid.NewGuid(), text = "hi" })).Code
            .ShouldBe("NOT_FOUND");
        (await server.EventsAsync()).ShouldBe(before);
        (await alice.PostAsync(room, new string('x', 10_000))).ShouldBe(2);
    }

    [Fact]
    public async Task Text_is_kept_exactly_as_it_was_sent()
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        var texts = new[]
        {
            "e\u0301 and \u00e9", "👩‍🚀 🇺🇦 \"quotes\" \\ back", "  two\r\nlines\t ", "\u202Eright to left",
            "<b>&amp;</b> {\"json\":1}", "enc:v1:looks like ours",
        };
        foreach (var text in texts)
            await alice.PostAsync(room, text);
        (await TextsAsync(alice, room)).ShouldBe(texts);
    }

    [Theory]
    [InlineData("{ room(id: \"not a uuid\") { id } }")]
    [InlineData("{ viewer { nothing } }")]
    [InlineData("{ viewer {")]
    [InlineData("mutation { postMessage(input: { roomId: \"x\" }) { position } }")]
    public async Task Bad_documents_are_errors(string document)
    {
        using var alice = await server.PersonAsync("Alice");
        var before = await server.EventsAsync();
        var response = await alice.SendAsync(document);
        response.GetProperty("errors")[0].GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
        (await server.EventsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task History_is_paged_both_ways()
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        for (var i = 2; i <= 11; i++)
            (await alice.PostAsync(room, $"{i}")).ShouldBe(i);

        (await PageAsync("last: 3")).ShouldBe(("9 10 11", true, false));
        (await PageAsync("last: 3, before: 9")).ShouldBe(("6 7 8", true, true));
        (await PageAsync("last: 30, before: 4")).ShouldBe(("2 3", false, true));
        (await PageAsync("first: 3")).ShouldBe(("2 3 4", false, true));
        (await PageAsync("first: 3, after: 9")).ShouldBe(("10 11", true, false));
        (await PageAsync("first: 2, after: 4, before: 8")).ShouldBe(("5 6", true, true));
        (await PageAsync("after: 11")).ShouldBe(("", true, false));
        (await PageAsync("first: 100")).ShouldBe(("2 3 4 5 6 7 8 9 10 11", false, false));
        foreach (var wrong in new[] { "first: 0", "last: 101", "first: 1, last: 1", "after: -1" })
            (await alice.ErrorCodeAsync(Document(wrong))).ShouldBe("INVALID_INPUT");

        string Document(string arguments) =>
            $$"""
            { room(id: "{{room}}") { messages({{arguments}}) {
              nodes { position } pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
            } } }
            """;

        async Task<(string Positions, bool Previous, bool Next)> PageAsync(string arguments)
        {
            var page = (await alice.DataAsync(Document(arguments))).GetProperty("room").GetProperty("messages");
            var info = page.GetProperty("pageInfo");
            var positions = page.GetProperty("nodes").EnumerateArray()
                .Select(node => node.GetProperty("position").GetInt64());
            return (string.Join(' ', positions),
                info.GetProperty("hasPreviousPage").GetBoolean(), info.GetProperty("hasNextPage").GetBoolean());
        }
    }

    private static async Task<List<string>> TextsAsync(ChatClient client, Guid room)
    {
        var data = await client.DataAsync(
            "query($id: UUID!) { room(id: $id) { messages { nodes { text author { id } } } } }", new { id = room });
        var nodes = data.GetProperty("room").GetProperty("messages").GetProperty("nodes");
        return [.. nodes.EnumerateArray().Select(node => node.GetProperty("text").GetString()!)];
    }
}
