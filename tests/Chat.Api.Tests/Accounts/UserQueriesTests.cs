using System.Text.Json;

namespace Chat.Api.Tests.Accounts;

public sealed class UserQueriesTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const string User = "query($id: UUID!) { user(id: $id) { id displayName isGuest isBot } }";

    private const string Users = "query($search: String!) { users(search: $search) { displayName } }";

    [Fact]
    public async Task People_are_found_by_part_of_their_name()
    {
        var tag = Guid.NewGuid().ToString("N")[..8];
        using var alice = await server.PersonAsync($"Alice {tag} 100%");
        using var bob = await server.PersonAsync($"Bob {tag.ToUpperInvariant()}");
        (await NamesAsync(alice, tag)).ShouldBe([$"Alice {tag} 100%", $"Bob {tag.ToUpperInvariant()}"]);
        (await NamesAsync(bob, $"{tag} 100%")).ShouldBe([$"Alice {tag} 100%"]);
        (await NamesAsync(bob, $"{tag}_100")).ShouldBeEmpty();
        (await alice.ErrorCodeAsync(Users, new { search = new string('x', 101) })).ShouldBe("INVALID_INPUT");
        (await server.Anonymous().ErrorCodeAsync(Users, new { search = tag })).ShouldBe("UNAUTHENTICATED");

        var found = (await alice.DataAsync(User, new { id = bob.Id })).GetProperty("user");
        found.GetProperty("isGuest").GetBoolean().ShouldBeFalse();
        found.GetProperty("isBot").GetBoolean().ShouldBeFalse();
        (await alice.DataAsync(User, new { id = Guid.NewGuid() })).GetProperty("user").ValueKind
            .ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Guests_see_themselves_and_whom_they_share_a_room_with()
    {
        var tag = Guid.NewGuid().ToString("N")[..8];
        using var alice = await server.PersonAsync($"Alice {tag}");
        using var carol = await server.PersonAsync($"Carol {tag}");
        using var guest = await server.GuestAsync($"Guest {tag}");
        (await NamesAsync(guest, tag)).ShouldBe([$"Guest {tag}"]);
        var room = await alice.CreateRoomAsync();
        await guest.JoinAsync(room);
        (await NamesAsync(guest, tag)).ShouldBe([$"Alice {tag}", $"Guest {tag}"]);
        (await guest.DataAsync(User, new { id = carol.Id })).GetProperty("user").ValueKind.ShouldBe(JsonValueKind.Null);
        (await guest.DataAsync(User, new { id = alice.Id })).GetProperty("user").GetProperty("id").GetGuid()
            .ShouldBe(alice.Id);
        (await carol.DataAsync(User, new { id = guest.Id })).GetProperty("user").GetProperty("isGuest").GetBoolean()
            .ShouldBeTrue();
        await guest.LeaveAsync(room);
        (await guest.DataAsync(User, new { id = alice.Id })).GetProperty("user").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static async Task<List<string?>> NamesAsync(ChatClient client, string search) =>
    [
        .. (await client.DataAsync(Users, new { search })).GetProperty("users").EnumerateArray()
            .Select(user => user.GetProperty("displayName").GetString()),
    ];
}
