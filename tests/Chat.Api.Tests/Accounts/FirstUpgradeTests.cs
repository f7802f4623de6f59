namespace Chat.Api.Tests.Accounts;

public sealed class FirstUpgradeTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Of_guests_who_are_first_to_register_exactly_one_owns_the_server()
    {
        var guests = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => server.GuestAsync($"g{i}")));
        var payloads = await Task.WhenAll(guests.Select(guest => guest.DoAsync(
            "upgradeGuest",
            new { email = $"{Guid.NewGuid():N}@example.org", password = ChatClient.Password },
            "viewer { role }")));
        var roles = payloads.Select(payload => payload.GetProperty("viewer").GetProperty("role").GetString()).ToList();
        roles.Count(role => role == "OWNER").ShouldBe(1);
        roles.Count(role => role == "MEMBER").ShouldBe(3);
    }
}
