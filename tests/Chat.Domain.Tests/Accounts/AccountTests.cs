using Chat.Domain.Accounts;

namespace Chat.Domain.Tests.Accounts;

public sealed class AccountTests
{
    private static readonly RegisterAccount Register = new(People.Alice.Id, "alice@example.org", "Alice");

    [Fact]
    public void The_first_account_owns_the_server()
    {
        RoleAfter(Register.Decide(serverHasOwner: false)).ShouldBe(ServerRole.Owner);
        RoleAfter(Register.Decide(serverHasOwner: true)).ShouldBe(ServerRole.Member);
        RoleAfter(new EnterAsGuest(People.Bob.Id, "Bob").Decide()).ShouldBe(ServerRole.Guest);
    }

    [Theory]
    [InlineData("alice@example.org", true)]
    [InlineData("Alice+chat@localhost", true)]
    [InlineData("alice", false)]
    [InlineData("@example.org", false)]
    [InlineData("alice@", false)]
    [InlineData("a@b@c", false)]
    [InlineData("al ice@example.org", false)]
    [InlineData("alice@.org", false)]
    [InlineData("", false)]
    public void An_address_has_a_mailbox_and_a_domain(string email, bool valid) =>
        new RegisterAccount.Validator().Validate(Register with { Email = email }).IsValid.ShouldBe(valid);

    [Fact]
    public void Addresses_are_limited_and_compared_without_case()
    {
        var longest = new string('a', EmailAddress.LengthMax - 4) + "@b.c";
        new RegisterAccount.Validator().Validate(Register with { Email = longest }).IsValid.ShouldBeTrue();
        new RegisterAccount.Validator().Validate(Register with { Email = "a" + longest }).IsValid.ShouldBeFalse();
        EmailAddress.Canonical(" Alice@Example.ORG ").ShouldBe("alice@example.org");
    }

    [Theory]
    [InlineData("Alice", true)]
    [InlineData("", false)]
    [InlineData("Alice\u202Eecila", false)]
    [InlineData("Alice\u0000", false)]
    public void Names_cannot_disturb_their_surroundings(string name, bool valid)
    {
        new RegisterAccount.Validator().Validate(Register with { DisplayName = name }).IsValid.ShouldBe(valid);
        new EnterAsGuest.Validator().Validate(new EnterAsGuest(People.Bob.Id, name)).IsValid.ShouldBe(valid);
    }

    private static ServerRole RoleAfter(Decision<AccountEvent> decision) =>
        Account.Evolve(null, decision.Events.ShouldHaveSingleItem()).Role;
}
