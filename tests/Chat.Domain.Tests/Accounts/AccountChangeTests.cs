using Chat.Domain.Accounts;

namespace Chat.Domain.Tests.Accounts;

public sealed class AccountChangeTests
{
    private static readonly Account Alice = Of(
        new AccountRegistered(People.Alice.Id, "alice@example.org", "Alice", ServerRole.Member));

    private static readonly Account Guest = Of(new GuestEntered(People.Gina.Id, "Gina"));
    private static readonly Account Bot = Of(new BotCreated(People.Dave.Id, "Robo", People.Root.Id));
    private static readonly Account Erased = Account.Evolve(Alice, new AccountErased(Alice.Id));
    private static readonly MailToken Token = new(Alice.Id, "alice@example.org", People.Noon.AddHours(1));

    [Fact]
    public void A_guest_is_upgraded_and_stays_the_same_person()
    {
        var upgrade = new UpgradeGuest("gina@example.org", DisplayName: null);
        var upgraded = After(Guest, upgrade.Decide(Guest, serverHasOwner: true));
        (upgraded.Id, upgraded.DisplayName, upgraded.Role, upgraded.Email)
            .ShouldBe((Guest.Id, "Gina", ServerRole.Member, "gina@example.org"));
        After(Guest, upgrade.Decide(Guest, serverHasOwner: false)).Role.ShouldBe(ServerRole.Owner);
        After(Guest, (upgrade with { DisplayName = "G" }).Decide(Guest, true)).DisplayName.ShouldBe("G");
        upgrade.Decide(Alice, true).Refusal.ShouldBe(UpgradeGuest.NotGuest);
        upgrade.Decide(upgraded, true).Refusal.ShouldBe(UpgradeGuest.NotGuest);
        new UpgradeGuest.Validator().Validate(upgrade with { Email = "gina" }).IsValid.ShouldBeFalse();
        new UpgradeGuest.Validator().Validate(upgrade with { DisplayName = "" }).IsValid.ShouldBeFalse();
    }

    [Fact]
    public void A_name_changes_where_it_differs()
    {
        After(Alice, new UpdateProfile("Al").Decide(Alice)).DisplayName.ShouldBe("Al");
        new UpdateProfile("Alice").Decide(Alice).Events.ShouldBeEmpty();
        new UpdateProfile(null).Decide(Alice).Events.ShouldBeEmpty();
        new UpdateProfile.Validator().Validate(new UpdateProfile("Al\u202E")).IsValid.ShouldBeFalse();
    }

    [Fact]
    public void A_new_address_is_verified_anew()
    {
        var verified = After(Alice, new VerifyEmail(Token).Decide(Alice, People.Noon));
        verified.IsEmailVerified.ShouldBeTrue();
        new VerifyEmail(Token).Decide(verified, People.Noon).Events.ShouldBeEmpty();
        var change = new ChangeEmail("al@example.org", PasswordMatches: true);
        var changed = After(verified, change.Decide(verified));
        (changed.Email, changed.IsEmailVerified).ShouldBe(("al@example.org", false));
        change.Decide(changed).Events.ShouldBeEmpty();
        new VerifyEmail(Token).Decide(changed, People.Noon).Refusal.ShouldBe(MailToken.Invalid);
        (change with { PasswordMatches = false }).Decide(Alice).Refusal.ShouldBe(Password.Wrong);
        change.Decide(Guest).Refusal.ShouldBe(Account.OnlyRegistered);
        change.Decide(Bot).Refusal.ShouldBe(Account.OnlyRegistered);
    }

    [Fact]
    public void All_that_is_wrong_with_a_token_looks_alike()
    {
        foreach (var (account, token, now) in new (Account?, MailToken?, DateTimeOffset)[]
        {
            (Alice, null, People.Noon),
            (null, Token, People.Noon),
            (Alice, Token, Token.ExpiresAt),
            (Alice, Token with { AccountId = Guest.Id }, People.Noon),
            (Alice, Token with { Email = "old@example.org" }, People.Noon),
            (Erased, Token, People.Noon),
        })
        {
            new VerifyEmail(token).Decide(account, now).Refusal.ShouldBe(MailToken.Invalid);
            new ResetPassword(token).Decide(account, now).Refusal.ShouldBe(MailToken.Invalid);
        }
    }

    [Fact]
    public void A_reset_by_mail_shows_that_the_address_is_right()
    {
        var reset = new ResetPassword(Token);
        reset.Decide(Alice, People.Noon).Events
            .ShouldBe([new PasswordChanged(Alice.Id, ByMail: true), new EmailVerified(Alice.Id)]);
        reset.Decide(Alice with { IsEmailVerified = true }, People.Noon).Events
            .ShouldBe([new PasswordChanged(Alice.Id, ByMail: true)]);
    }

    [Fact]
    public void A_password_changes_with_the_old_one()
    {
        new ChangePassword(PasswordMatches: true).Decide(Alice).Events.ShouldBe([new PasswordChanged(Alice.Id)]);
        new ChangePassword(PasswordMatches: false).Decide(Alice).Refusal
            .ShouldBe(Password.Wrong with { Field = "currentPassword" });
        new ChangePassword(PasswordMatches: true).Decide(Guest).Refusal.ShouldBe(Account.OnlyRegistered);
    }

    [Fact]
    public void An_erased_account_is_nobody_any_more()
    {
        (Erased.DisplayName, Erased.Email, Erased.IsErased).ShouldBe(("", null, true));
        new EraseAccount(PasswordMatches: true).Decide(Alice).Events.ShouldBe([new AccountErased(Alice.Id)]);
        new EraseAccount(PasswordMatches: true).Decide(Erased).Events.ShouldBeEmpty();
        new EraseAccount(PasswordMatches: false).Decide(Alice).Refusal.ShouldBe(Password.Wrong);
        new EraseAccount(PasswordMatches: false).Decide(Guest).Events.Count.ShouldBe(1);
        new EraseAccount(PasswordMatches: true).Decide(Alice with { Role = ServerRole.Owner }).Refusal
            .ShouldBe(EraseAccount.OwnerStays);
        Refusal?[] refusals =
        [
            new UpdateProfile("Al").Decide(Erased).Refusal,
            new ChangePassword(true).Decide(Erased).Refusal,
            new ChangeEmail("al@example.org", true).Decide(Erased).Refusal,
            new UpgradeGuest("al@example.org", null).Decide(Erased, true).Refusal,
            new SetServerRole(People.Root, ServerRole.Admin).Decide(Erased).Refusal,
        ];
        refusals.ShouldAllBe(refusal => refusal == Account.NotFound);
    }

    [Fact]
    public void Bots_are_made_and_revoked_by_administrators()
    {
        var create = new CreateBot(People.Dave.Id, People.Root, "Robo");
        create.Decide().Events.ShouldBe([new BotCreated(People.Dave.Id, "Robo", People.Root.Id)]);
        (create with { Creator = People.Alice }).Decide().Refusal.ShouldBe(Account.NotAllowed);
        new CreateBot.Validator().Validate(create with { DisplayName = "" }).IsValid.ShouldBeFalse();
        (Bot.IsBot, Bot.Role).ShouldBe((true, ServerRole.Member));

        var revoke = new RevokeBot(People.Root);
        var revoked = After(Bot, revoke.Decide(Bot));
        revoked.IsRevoked.ShouldBeTrue();
        revoke.Decide(revoked).Events.ShouldBeEmpty();
        revoke.Decide(Alice).Refusal.ShouldBe(Account.NotFound);
        revoke.Decide(null).Refusal.ShouldBe(Account.NotFound);
        new RevokeBot(People.Alice).Decide(Bot).Refusal.ShouldBe(Account.NotAllowed);
    }

    // Appointer, from, to: the only steps there are; all others are refused.
    [Fact]
    public void Roles_on_the_server_are_given_as_the_table_says()
    {
        string[] allowed =
        [
            "Owner: Member > Admin", "Owner: Member > Auditor", "Owner: Admin > Member", "Owner: Admin > Auditor",
            "Owner: Auditor > Member", "Owner: Auditor > Admin", "Admin: Member > Admin",
        ];
        var roles = Enum.GetValues<ServerRole>();
        var found =
            from appointer in roles
            from current in roles
            from wanted in roles
            where current != wanted
            let decision = new SetServerRole(People.Root with { Role = appointer }, wanted)
                .Decide(Alice with { Role = current })
            where decision.Events.Count > 0
            select $"{appointer}: {current} > {wanted}";
        found.Order(StringComparer.Ordinal).ShouldBe(allowed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Why_a_role_is_not_given_is_said()
    {
        var owner = People.Root with { Role = ServerRole.Owner };
        new SetServerRole(People.Alice, ServerRole.Admin).Decide(null).Refusal.ShouldBe(Account.NotAllowed);
        new SetServerRole(People.Root, ServerRole.Auditor).Decide(Alice).Refusal.ShouldBe(Account.NotAllowed);
        new SetServerRole(owner, ServerRole.Admin).Decide(null).Refusal.ShouldBe(Account.NotFound);
        new SetServerRole(owner, ServerRole.Owner).Decide(Alice).Refusal.ShouldBe(SetServerRole.OwnerStays);
        new SetServerRole(owner, ServerRole.Guest).Decide(Alice).Refusal.ShouldBe(SetServerRole.NotGuest);
        new SetServerRole(owner, ServerRole.Admin).Decide(Guest).Refusal.ShouldBe(SetServerRole.NotForGuestsAndBots);
        new SetServerRole(owner, ServerRole.Admin).Decide(Bot).Refusal.ShouldBe(SetServerRole.NotForGuestsAndBots);
        new SetServerRole(owner, ServerRole.Member).Decide(Alice).Events.ShouldBeEmpty();
    }

    private static Account Of(AccountEvent @event) => Account.Evolve(null, @event);

    private static Account After(Account account, Decision<AccountEvent> decision)
    {
        decision.Refusal.ShouldBeNull();
        return decision.Events.Aggregate(account, Account.Evolve);
    }
}
