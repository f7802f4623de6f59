using System.Text.Json;
using Chat.Api.Accounts;
using Chat.Api.Hosting;
using Chat.Domain.Accounts;
using Chat.EventStore;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Api.Tests.Accounts;

/// <summary>Erasure: what goes, at once, and what stays.</summary>
public sealed class EraseTests(AccountServer server) : IClassFixture<AccountServer>
{
    private const string Secret = "a sentence that must go";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_was_personal_is_gone_at_once()
    {
        var (alice, email) = await server.PersonAsync("Alexandrina");
        using var phone = await server.SignedInAsync(email);
        await using var socket = await phone.ConnectAsync();
        var (bob, _) = await server.PersonAsync("Bob");
        var room = await bob.CreateRoomAsync();
        await alice.JoinAsync(room);
        await alice.PostAsync(room, Secret);
        (await EraseAsync(alice, ChatClient.Password)).ShouldBeNull();

        (await alice.IsSignedInAsync()).ShouldBeFalse();
        await Eventually.TrueAsync(async () => !await phone.IsSignedInAsync());
        (await socket.ReceiveAsync()).ShouldBeNull();
        ((int?)socket.CloseStatus).ShouldBe(4403);
        (await server.Chat.Anonymous().RefusalAsync("signIn", new { email, password = ChatClient.Password })).Code
            .ShouldBe("WRONG_CREDENTIALS");
        var seen = await bob.DataAsync(
            """
            query($id: UUID!) { room(id: $id) {
              members { nodes { user { id } } }
              messages { nodes { text author { id displayName erasedAt } } }
            } }
            """,
            new { id = room });
        seen.ToString().ShouldNotContain(Secret);
        seen.ToString().ShouldNotContain("Alexandrina");
        seen.GetProperty("room").GetProperty("members").ToString().ShouldNotContain(alice.Id.ToString());
        var author = seen.GetProperty("room").GetProperty("messages").GetProperty("nodes").EnumerateArray().Single()
            .GetProperty("author");
        author.GetProperty("displayName").GetString().ShouldBe("");
        author.GetProperty("erasedAt").ValueKind.ShouldBe(JsonValueKind.String);

        (await LogTextAsync(alice.Id, room)).ShouldNotContain(Secret);
        foreach (var table in new[] { "emails", "passwords", "mail_tokens" })
            (await server.Chat.CountAsync($"select count(*) from chat_auth.{table} where account_id = '{alice.Id}'"))
                .ShouldBe(0, table);
        (await server.Chat.CountAsync(
            $"select count(*) from chat_store.data_keys where subject = '{alice.Id}' and wrapped_key is not null"))
            .ShouldBe(0);

        using var other = server.Chat.Anonymous();
        await other.RegisterAsync(email, "Somebody else");
        other.Id.ShouldNotBe(alice.Id);
    }

    [Fact]
    public async Task Rooms_are_left_for_all_to_see_and_owned_ones_pass_on()
    {
        var (alice, _) = await server.PersonAsync();
        var (bob, _) = await server.PersonAsync("Bob");
        var own = await alice.CreateRoomAsync();
        await bob.JoinAsync(own);
        var alone = await alice.CreateRoomAsync();
        await using var socket = await bob.ConnectAsync();
        await socket.SubscribeAsync(own, after: 2);
        (await EraseAsync(alice, ChatClient.Password)).ShouldBeNull();

        var handedOver = (await socket.NextAsync())!.Value;
        handedOver.GetProperty("change").GetString().ShouldBe("ROLE_CHANGED");
        handedOver.GetProperty("role").GetString().ShouldBe("OWNER");
        handedOver.GetProperty("user").GetProperty("id").GetGuid().ShouldBe(bob.Id);
        var left = (await socket.NextAsync())!.Value;
        left.GetProperty("change").GetString().ShouldBe("LEFT");
        left.GetProperty("user").GetProperty("id").GetGuid().ShouldBe(alice.Id);
        var archived = await bob.DataAsync("query($id: UUID!) { room(id: $id) { archived } }", new { id = alone });
        archived.GetProperty("room").GetProperty("archived").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_guest_inherits_only_where_nobody_else_is_left_and_invites_only_whom_they_know()
    {
        var (alice, _) = await server.PersonAsync();
        var (bob, _) = await server.PersonAsync("Bob");
        using var guest = await server.Chat.GuestAsync("Gil");
        var (shared, left) = (await alice.CreateRoomAsync(), await alice.CreateRoomAsync());
        foreach (var room in new[] { shared, left })
            await guest.JoinAsync(room);
        await bob.JoinAsync(shared);
        (await EraseAsync(alice, ChatClient.Password)).ShouldBeNull();
        (await RoleAsync(bob, shared)).ShouldBe("OWNER");
        (await RoleAsync(guest, shared)).ShouldBe("MEMBER");
        (await RoleAsync(guest, left)).ShouldBe("OWNER");

        var (stranger, _) = await server.PersonAsync("Stefan");
        (await guest.RefusalAsync("inviteMember", new { roomId = left, userId = stranger.Id }))
            .ShouldBe(("NOT_FOUND", "userId"));
        (await guest.RefusalAsync("inviteMember", new { roomId = left, userId = Guid.NewGuid() }))
            .ShouldBe(("NOT_FOUND", "userId"));
        await guest.DoAsync("inviteMember", new { roomId = left, userId = bob.Id }, "position");
    }

    [Fact]
    public async Task It_takes_the_password_and_the_owner_stays()
    {
        var (alice, _) = await server.PersonAsync();
        using var owner = await server.OwnerAsync();
        using var nobody = server.Chat.Anonymous();
        (await EraseAsync(alice, "not the password")).ShouldBe("WRONG_PASSWORD");
        (await EraseAsync(owner, ChatClient.Password)).ShouldBe("SERVER_OWNER_NOT_ERASABLE");
        (await EraseAsync(nobody, ChatClient.Password)).ShouldBe("UNAUTHENTICATED");
        (await alice.IsSignedInAsync()).ShouldBeTrue();
        (await owner.IsSignedInAsync()).ShouldBeTrue();
        using var guest = await server.Chat.GuestAsync("Gil");
        (await EraseAsync(guest, "")).ShouldBeNull();
        (await guest.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_node_that_stopped_left_undone_another_one_finishes()
    {
        var (alice, _) = await server.PersonAsync();
        var (bob, _) = await server.PersonAsync("Bob");
        var room = await bob.CreateRoomAsync();
        await alice.JoinAsync(room);
        await alice.PostAsync(room, Secret);
        // The event and its rows are in the log, and then the node was gone.
        var erasures = server.Chat.Services.GetRequiredService<Erasures>();
        var log = server.Chat.Services.GetRequiredService<EventStore.EventStore>();
        await log.AppendAsync(new Append
        {
            StreamId = alice.Id,
            Events = [new NewEvent(Guid.NewGuid(), new AccountErased(alice.Id))],
            Alongside = erasures.Begin(alice.Id),
        }, Ct);
        await erasures.FinishAsync(Ct);
        (await UnfinishedAsync(alice.Id)).ShouldBe(1, "a command of the erased account may still be on its way");

        server.Clock.Advance(2 * server.Chat.Services.GetRequiredService<ChatOptions>().CommandDeadline);
        await erasures.FinishAsync(Ct);
        (await UnfinishedAsync(alice.Id)).ShouldBe(1, "there was a room to leave: once more, to be certain");
        await erasures.FinishAsync(Ct);
        (await UnfinishedAsync(alice.Id)).ShouldBe(0);
        (await LogTextAsync(alice.Id, room)).ShouldNotContain(Secret);
        using var signedIn = await server.Chat.GuestAsync("Gil");
        (await signedIn.DataAsync("query($id: UUID!) { room(id: $id) { memberCount } }", new { id = room }))
            .GetProperty("room").GetProperty("memberCount").GetInt32().ShouldBe(1);
    }

    private static async Task<string?> RoleAsync(ChatClient client, Guid roomId) => (await client.DataAsync(
        "query($id: UUID!) { room(id: $id) { viewerMembership { role } } }", new { id = roomId }))
        .GetProperty("room").GetProperty("viewerMembership").GetProperty("role").GetString();

    private Task<long> UnfinishedAsync(Guid accountId) =>
        server.Chat.CountAsync($"select count(*) from chat_auth.erasures where account_id = '{accountId}'");

    // As the store reads it: what the key opened.
    private async Task<string> LogTextAsync(params Guid[] streams)
    {
        var log = server.Chat.Services.GetRequiredService<EventStore.EventStore>();
        var text = "";
        foreach (var stream in streams)
        {
            await foreach (var stored in log.ReadStreamAsync(stream, cancellationToken: Ct))
                text += stored.Data;
        }

        return text;
    }

    private static Task<string?> EraseAsync(ChatClient client, string password) =>
        client.CallCodeAsync($"eraseAccount(input: {{ password: \"{password}\" }})");
}
