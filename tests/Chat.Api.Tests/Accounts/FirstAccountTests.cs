namespace Chat.Api.Tests.Accounts;

public sealed class FirstAccountTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Of_many_who_register_first_exactly_one_owns_the_server()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.PersonAsync($"p{i}")));
        var roles = await Task.WhenAll(people.Select(async person =>
            (await person.DataAsync("{ viewer { role } }")).GetProperty("viewer").GetProperty("role").GetString()));
        roles.Count(role => role == "OWNER").ShouldBe(1);
        roles.Count(role => role == "MEMBER").ShouldBe(5);
    }
}
