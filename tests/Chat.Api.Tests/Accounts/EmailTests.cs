using Chat.Domain.Accounts;

namespace Chat.Api.Tests.Accounts;

/// <summary>Addresses: verified by mail, changed with the password.</summary>
public sealed class EmailTests(AccountServer server) : IClassFixture<AccountServer>
{
    [Fact]
    public async Task A_mail_verifies_the_address_of_somebody_new()
    {
        var (alice, email) = await server.PersonAsync();
        var mail = await server.Mail.VerificationAsync(email);
        mail.Content.ShouldContain("https://chat.example.org/verify-email#token=");
        using var nobody = server.Chat.Anonymous();
        (await VerifyAsync(nobody, "x")).ShouldBe("TOKEN_INVALID");
        (await VerifiedAsync(alice)).ShouldBe(0);
        (await VerifyAsync(nobody, mail.Token)).ShouldBeNull();
        (await VerifiedAsync(alice)).ShouldBe(1);
        (await VerifyAsync(nobody, mail.Token)).ShouldBeNull("the mail server may have opened the link before");
        (await VerifiedAsync(alice)).ShouldBe(1);
        (await nobody.CallCodeAsync($"resetPassword(token: \"{mail.Token}\", newPassword: \"another password\")"))
            .ShouldBe("TOKEN_INVALID");
    }

    [Fact]
    public async Task A_link_is_good_for_a_week_and_can_be_asked_for_again()
    {
        var (alice, email) = await server.PersonAsync();
        var first = await server.Mail.VerificationAsync(email);
        server.Clock.Advance(MailToken.VerificationLifetime + TimeSpan.FromSeconds(1));
        (await VerifyAsync(alice, first.Token)).ShouldBe("TOKEN_INVALID");
        using var again = await server.SignedInAsync(email);
        (await again.CallCodeAsync("requestEmailVerification")).ShouldBeNull();
        var second = await server.Mail.MailAsync(mail => mail.To == email && mail.Token != first.Token);
        (await VerifyAsync(again, second.Token)).ShouldBeNull();
        using var nobody = server.Chat.Anonymous();
        (await nobody.CallCodeAsync("requestEmailVerification")).ShouldBe("UNAUTHENTICATED");
    }

    [Fact]
    public async Task Another_address_signs_in_and_is_verified_anew()
    {
        var (alice, email) = await server.PersonAsync();
        var old = await server.Mail.VerificationAsync(email);
        var other = AccountServer.NewEmail();
        await alice.DoAsync("changeEmail", new { email = $" {other} ", password = ChatClient.Password }, "ok");
        (await alice.DataAsync("{ viewer { email } }")).GetProperty("viewer").GetProperty("email").GetString()
            .ShouldBe(other);
        (await VerifyAsync(alice, old.Token)).ShouldBe("TOKEN_INVALID");
        (await server.Chat.Anonymous().RefusalAsync("signIn", new { email, password = ChatClient.Password })).Code
            .ShouldBe("WRONG_CREDENTIALS");
        using var again = await server.SignedInAsync(other);
        again.Id.ShouldBe(alice.Id);
        (await VerifyAsync(alice, (await server.Mail.VerificationAsync(other)).Token)).ShouldBeNull();

        // The old address is free for somebody else.
        using var bob = server.Chat.Anonymous();
        await bob.RegisterAsync(email, "Bob");
        bob.Id.ShouldNotBe(alice.Id);
    }

    [Fact]
    public async Task It_takes_the_password_and_an_address_that_nobody_has()
    {
        var (alice, email) = await server.PersonAsync();
        var (_, taken) = await server.PersonAsync("Bob");
        var before = await server.Chat.EventsAsync();
        (await alice.RefusalAsync("changeEmail", new { email = AccountServer.NewEmail(), password = "not it" }))
            .ShouldBe(("WRONG_PASSWORD", "password"));
        (await alice.RefusalAsync("changeEmail", new { email = "no address", password = ChatClient.Password }))
            .ShouldBe(("INVALID_INPUT", "email"));
        (await alice.RefusalAsync(
            "changeEmail", new { email = taken.ToUpperInvariant(), password = ChatClient.Password }))
            .ShouldBe(("EMAIL_TAKEN", "email"));
        await alice.DoAsync("changeEmail", new { email, password = ChatClient.Password }, "ok");
        (await server.Chat.EventsAsync()).ShouldBe(before);

        using var guest = await server.Chat.GuestAsync("Gil");
        (await guest.RefusalAsync("changeEmail", new { email = AccountServer.NewEmail(), password = "" })).Code
            .ShouldBe("ACCOUNT_NOT_REGISTERED");
        using var nobody = server.Chat.Anonymous();
        (await nobody.RefusalAsync("changeEmail", new { email, password = ChatClient.Password })).Code
            .ShouldBe("UNAUTHENTICATED");
    }

    [Fact]
    public async Task A_mail_server_that_is_busy_is_tried_again_and_one_that_refuses_is_not()
    {
        server.Mail.Refuse("451 try again", "450 and again");
        var (_, email) = await server.PersonAsync();
        await server.Mail.VerificationAsync(email);
        var attempts = server.Mail.Attempts;

        server.Mail.Refuse("550 no such mailbox");
        var (_, wrong) = await server.PersonAsync();
        var (_, next) = await server.PersonAsync();
        await server.Mail.VerificationAsync(next);
        server.Mail.Mails.ShouldNotContain(mail => mail.To == wrong);
        server.Mail.Attempts.ShouldBe(attempts + 2);
    }

    private Task<long> VerifiedAsync(ChatClient client) => server.Chat.CountAsync(
        $"select count(*) from mt_events where stream_id = '{client.Id}' and type = 'email_verified'");

    private static Task<string?> VerifyAsync(ChatClient client, string token) =>
        client.CallCodeAsync($"verifyEmail(token: \"{token}\")");
}
