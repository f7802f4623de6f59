using System.Text.Json;
using Chat.Api.Realtime;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using Chat.EventStore;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Api.Tests.Realtime;

/// <summary>What each event of a room's log looks like to whom, and who is told how long.</summary>
public sealed class RoomEventKindsTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string Events =
        """
        subscription($roomId: UUID!, $after: Long) { roomEvents(roomId: $roomId, after: $after) {
          __typename roomId position at actor { id }
          ... on RoomCreated { room { id } }
          ... on RoomUpdated { room { name archived } }
          ... on MemberChanged { change role mutedUntil reason user { id } }
          ... on MessagePosted { message { id text } }
          ... on MessageEdited { message { id text } }
          ... on MessageDeleted { messageId }
          ... on ReactionAdded { messageId emoji }
          ... on ReactionRemoved { messageId emoji }
          ... on MessagePinned { messageId }
          ... on MessageUnpinned { messageId }
          ... on HistoryExpired { throughPosition }
        } }
        """;

    [Fact]
    public async Task Every_event_of_the_domain_is_a_step()
    {
        var events = typeof(RoomEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RoomEvent))).ToList();
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        var message = Guid.NewGuid();
        await AppendAsync(
            room,
            new RoomUpdated("Coffee"), new RoomArchived(), new RoomReopened(), new MemberInvited(alice.Id, alice.Id),
            new InvitationDeclined(alice.Id), new MemberMuted(alice.Id, DateTimeOffset.UtcNow, alice.Id),
            new MemberUnmuted(alice.Id), new MemberRoleChanged(alice.Id, RoomRole.Admin),
            new MemberUnbanned(alice.Id), new MessagePosted(message, alice.Id, "one"),
            new MessageEdited(message, alice.Id, "two"), new ReactionAdded(message, alice.Id, "👍", NewKind: true),
            new ReactionRemoved(message, alice.Id, "👍"), new MessagePinned(message, 11),
            new MessageUnpinned(message), new MessageDeleted(message, alice.Id), new HistoryExpired(5),
            new MemberJoined(Guid.Empty), new MemberLeft(Guid.Empty), new MemberKicked(Guid.Empty, alice.Id),
            new MemberBanned(Guid.Empty, alice.Id));
        var stored = new List<StoredEvent>();
        await foreach (var one in Log.ReadStreamAsync(room, 1))
            stored.Add(one);
        stored.Select(one => one.Data.GetType()).Distinct().Count().ShouldBe(events.Count);
        stored.Select(one => RoomStep.From(one).Position).ShouldBe(Enumerable.Range(1, 22).Select(i => (long)i));
    }

    [Fact]
    public async Task Replayed_events_show_messages_as_they_are_now()
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        Guid edited = Guid.NewGuid(), deleted = Guid.NewGuid();
        await AppendAsync(
            room,
            new MessagePosted(edited, alice.Id, "frist"), new MessagePosted(deleted, alice.Id, "secret"),
            new MessageEdited(edited, alice.Id, "first"), new ReactionAdded(edited, alice.Id, "👍", NewKind: true),
            new ReactionRemoved(edited, alice.Id, "👍"), new MessagePinned(edited, 2), new MessageUnpinned(edited),
            new MessageDeleted(deleted, alice.Id, "mine"));
        await using var socket = await SubscribeAsync(alice, room, after: 1);
        var steps = await TakeAsync(socket, 8);
        steps.Select(step => step.GetProperty("__typename").GetString()).ShouldBe(
        [
            "MessagePosted", "MessagePosted", "MessageEdited", "ReactionAdded", "ReactionRemoved", "MessagePinned",
            "MessageUnpinned", "MessageDeleted",
        ]);
        steps.Take(3).Select(step => step.GetProperty("message").GetProperty("text").GetString())
            .ShouldBe(["first", "", "first"]);
        steps[3].GetProperty("emoji").GetString().ShouldBe("👍");
        steps[7].GetProperty("messageId").GetGuid().ShouldBe(deleted);

        // What retention lets go leaves its steps behind, empty.
        await AppendAsync(room, new HistoryExpired(3));
        await using var late = await SubscribeAsync(alice, room, after: 1);
        var expired = await TakeAsync(late, 9);
        expired[0].GetProperty("message").GetProperty("text").GetString().ShouldBe("");
        expired[8].GetProperty("throughPosition").GetInt64().ShouldBe(3);
    }

    [Theory]
    [InlineData("kickMember", "KICKED", "PUBLIC", "FORBIDDEN")]
    [InlineData("kickMember", "KICKED", "PRIVATE", "NOT_FOUND")]
    [InlineData("banMember", "BANNED", "PUBLIC", "ROOM_BANNED")]
    [InlineData("banMember", "BANNED", "PRIVATE", "NOT_FOUND")]
    public async Task Who_is_put_out_while_away_is_told_up_to_that_and_no_more(
        string mutation, string change, string visibility, string refusal)
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        var roomId = await alice.CreateRoomAsync("Tea", visibility);
        await alice.DoAsync("inviteMember", new { roomId, userId = bob.Id }, "position");
        await bob.JoinAsync(roomId);
        await using var watching = await SubscribeAsync(bob, roomId, after: 3);
        await alice.PostAsync(roomId, "4");
        await alice.DoAsync(mutation, new { roomId, userId = bob.Id, reason = "spam" }, "position");
        await alice.PostAsync(roomId, "not for Bob");

        await using var back = await SubscribeAsync(bob, roomId, after: 3);
        foreach (var socket in new[] { watching, back })
        {
            var steps = await TakeAsync(socket, 2);
            steps[0].GetProperty("message").GetProperty("text").GetString().ShouldBe("4");
            steps[1].GetProperty("change").GetString().ShouldBe(change);
            steps[1].GetProperty("reason").GetString().ShouldBe("spam");
            steps[1].GetProperty("user").GetProperty("id").GetGuid().ShouldBe(bob.Id);
            (await socket.NextAsync()).ShouldBeNull();
        }

        // From before the membership, too; nothing from after it.
        await using var whole = await SubscribeAsync(bob, roomId, after: 0);
        (await TakeAsync(whole, 5))[4].GetProperty("change").GetString().ShouldBe(change);
        (await whole.NextAsync()).ShouldBeNull();
        foreach (var after in new long?[] { null, 5 })
        {
            await using var refused = await SubscribeAsync(bob, roomId, after);
            (await Should.ThrowAsync<SubscriptionException>(refused.NextAsync())).Code.ShouldBe(refusal);
        }
    }

    [Fact]
    public async Task Reasons_are_for_those_they_concern()
    {
        using var alice = await server.PersonAsync("Alice");
        using var bob = await server.PersonAsync("Bob");
        using var carol = await server.PersonAsync("Carol");
        var roomId = await alice.CreateRoomAsync();
        await bob.JoinAsync(roomId);
        await carol.JoinAsync(roomId);
        await alice.DoAsync("muteMember", new { roomId, userId = bob.Id, seconds = 60, reason = "caps" }, "position");
        foreach (var (person, reason) in new[] { (alice, "caps"), (bob, "caps"), (carol, null) })
        {
            await using var socket = await SubscribeAsync(person, roomId, after: 3);
            var muted = (await socket.NextAsync())!.Value;
            muted.GetProperty("change").GetString().ShouldBe("MUTED");
            muted.GetProperty("mutedUntil").ValueKind.ShouldBe(JsonValueKind.String);
            muted.GetProperty("reason").GetString().ShouldBe(reason);
        }
    }

    private EventStore.EventStore Log => server.Services.GetRequiredService<EventStore.EventStore>();

    // As commands do: a message takes the id of its event.
    private async Task AppendAsync(Guid room, params RoomEvent[] events)
    {
        var last = 0L;
        foreach (var e in events)
        {
            var id = e is MessagePosted posted ? posted.MessageId : Guid.NewGuid();
            var append = new Append { StreamId = room, Events = [new NewEvent(id, e)] };
            last = (await Log.AppendAsync(append, TestContext.Current.CancellationToken)).LastSequence;
        }

        await server.Services.GetRequiredService<ReadModelsFollower>()
            .WaitForAsync(last, TestContext.Current.CancellationToken);
    }

    private static async Task<ChatSocket> SubscribeAsync(ChatClient client, Guid roomId, long? after)
    {
        var socket = await client.ConnectAsync();
        var payload = new { query = Events, variables = new { roomId, after } };
        await socket.SendAsync(new { id = "1", type = "subscribe", payload });
        return socket;
    }

    private static async Task<List<JsonElement>> TakeAsync(ChatSocket socket, int count)
    {
        var steps = new List<JsonElement>();
        await foreach (var step in socket.TakeAsync(count))
            steps.Add(step);
        return steps;
    }
}
