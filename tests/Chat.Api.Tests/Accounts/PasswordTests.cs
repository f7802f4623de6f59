using System.Text.Json;
using Chat.Api.Accounts;
using Chat.Domain.Accounts;

namespace Chat.Api.Tests.Accounts;

/// <summary>Changing, resetting and re-hashing passwords.</summary>
public sealed class PasswordTests(AccountServer server) : IClassFixture<AccountServer>
{
    private const string NewPassword = "a better password";

    [Fact]
    public async Task A_changed_password_ends_all_other_sessions()
    {
        var (alice, email) = await server.PersonAsync();
        using var phone = await server.SignedInAsync(email);
        await using var socket = await phone.ConnectAsync();
        (await ChangeAsync(alice, ChatClient.Password, NewPassword)).ShouldBeNull();
        (await alice.IsSignedInAsync()).ShouldBeTrue();
        await Eventually.TrueAsync(async () => !await phone.IsSignedInAsync());
        (await socket.ReceiveAsync()).ShouldBeNull();
        (await SignInCodeAsync(email, ChatClient.Password)).ShouldBe("WRONG_CREDENTIALS");
        (await SignInCodeAsync(email, NewPassword)).ShouldBeNull();
    }

    [Fact]
    public async Task It_takes_the_old_password_and_a_good_new_one()
    {
        var (alice, email) = await server.PersonAsync();
        var before = await server.Chat.EventsAsync();
        (await alice.RefusalAsync(
            "changePassword", new { currentPassword = "not the password", newPassword = NewPassword }))
            .ShouldBe(("WRONG_PASSWORD", "currentPassword"));
        (await alice.RefusalAsync(
            "changePassword", new { currentPassword = new string('x', 2000), newPassword = NewPassword }))
            .ShouldBe(("WRONG_PASSWORD", "currentPassword"));
        (await alice.RefusalAsync(
            "changePassword", new { currentPassword = ChatClient.Password, newPassword = "short" }))
            .ShouldBe(("INVALID_INPUT", "newPassword"));
        (await alice.RefusalAsync(
            "changePassword", new { currentPassword = ChatClient.Password, newPassword = new string('x', 1025) }))
            .ShouldBe(("INVALID_INPUT", "newPassword"));
        using var guest = await server.Chat.GuestAsync("Bob");
        before++;
        (await ChangeAsync(guest, "", NewPassword)).ShouldBe("ACCOUNT_NOT_REGISTERED");
        using var nobody = server.Chat.Anonymous();
        (await ChangeAsync(nobody, ChatClient.Password, NewPassword)).ShouldBe("UNAUTHENTICATED");
        (await server.Chat.EventsAsync()).ShouldBe(before);
        (await SignInCodeAsync(email, ChatClient.Password)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_two_changes_at_once_with_the_same_old_password_one_is_made()
    {
        var (alice, email) = await server.PersonAsync();
        var codes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            ChangeAsync(alice, ChatClient.Password, $"{NewPassword} {i}")));
        codes.Count(code => code is null).ShouldBe(1);
        codes.Where(code => code is not null).ShouldAllBe(code => code == "WRONG_PASSWORD" || code == "CONFLICT");
        (await SignInCodeAsync(email, $"{NewPassword} {Array.IndexOf(codes, null)}")).ShouldBeNull();
    }

    [Fact]
    public async Task A_hash_with_other_parameters_is_replaced_at_the_next_sign_in()
    {
        var (alice, email) = await server.PersonAsync();
        await using (var weaken = server.Chat.Database.CreateCommand(
            "update chat_auth.passwords set hash = $2 where account_id = $1"))
        {
            weaken.Parameters.AddWithValue(alice.Id);
            weaken.Parameters.AddWithValue(Pbkdf2.Hash(ChatClient.Password));
            await weaken.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        (await SignInCodeAsync(email, "not the password")).ShouldBe("WRONG_CREDENTIALS");
        (await HashesAsync(alice, "$pbkdf2%")).ShouldBe(1);
        var codes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SignInCodeAsync(email, ChatClient.Password)));
        codes.ShouldAllBe(code => code == null);
        (await HashesAsync(alice, "$argon2id$v=19$m=19456,t=2,p=1$%")).ShouldBe(1);
        (await SignInCodeAsync(email, ChatClient.Password)).ShouldBeNull();
    }

    [Fact]
    public async Task A_link_in_a_mail_gives_a_new_password_once()
    {
        var (alice, email) = await server.PersonAsync();
        using var nobody = server.Chat.Anonymous();
        (await nobody.CallCodeAsync($"requestPasswordReset(email: \"{email.ToUpperInvariant()}\")")).ShouldBeNull();
        var mail = await server.Mail.ResetAsync(email);
        mail.Content.ShouldContain("https://chat.example.org/reset-password#token=");
        (await ResetAsync(nobody, mail.Token, "short")).ShouldBe("INVALID_INPUT");
        (await ResetAsync(nobody, mail.Token + "x", NewPassword)).ShouldBe("TOKEN_INVALID");
        (await alice.IsSignedInAsync()).ShouldBeTrue();

        var codes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            ResetAsync(nobody, mail.Token, $"{NewPassword} {i}")));
        codes.Count(code => code is null).ShouldBe(1);
        codes.Where(code => code is not null).ShouldAllBe(code => code == "TOKEN_INVALID");
        await Eventually.TrueAsync(async () => !await alice.IsSignedInAsync());
        (await SignInCodeAsync(email, ChatClient.Password)).ShouldBe("WRONG_CREDENTIALS");
        (await SignInCodeAsync(email, $"{NewPassword} {Array.IndexOf(codes, null)}")).ShouldBeNull();
        (await ResetAsync(nobody, mail.Token, NewPassword)).ShouldBe("TOKEN_INVALID");
    }

    [Fact]
    public async Task Whether_there_is_an_account_the_answer_does_not_tell()
    {
        var (_, email) = await server.PersonAsync();
        using var nobody = server.Chat.Anonymous();
        var unknown = AccountServer.NewEmail();
        var answers = new List<JsonElement>();
        foreach (var address in new[] { unknown, email })
            answers.Add(await nobody.CallAsync($"requestPasswordReset(email: \"{address}\")"));
        answers[0].ToString().ShouldBe(answers[1].ToString());
        // Mails are made one after the other: the unknown address was through before this one came.
        await server.Mail.ResetAsync(email);
        server.Mail.Mails.ShouldNotContain(mail => mail.To == unknown);
        (await nobody.CallCodeAsync("requestPasswordReset(email: \"no address\")")).ShouldBe("INVALID_INPUT");
    }

    [Fact]
    public async Task A_link_is_good_for_an_hour()
    {
        var (_, email) = await server.PersonAsync();
        using var nobody = server.Chat.Anonymous();
        await nobody.CallAsync($"requestPasswordReset(email: \"{email}\")");
        var mail = await server.Mail.ResetAsync(email);
        server.Clock.Advance(MailToken.ResetLifetime + TimeSpan.FromSeconds(1));
        (await ResetAsync(nobody, mail.Token, NewPassword)).ShouldBe("TOKEN_INVALID");
        (await SignInCodeAsync(email, ChatClient.Password)).ShouldBeNull();
    }

    [Fact]
    public async Task A_changed_password_makes_the_link_worthless_and_so_does_another_address()
    {
        var (alice, email) = await server.PersonAsync();
        using var nobody = server.Chat.Anonymous();
        await nobody.CallAsync($"requestPasswordReset(email: \"{email}\")");
        var mail = await server.Mail.ResetAsync(email);
        (await ChangeAsync(alice, ChatClient.Password, NewPassword)).ShouldBeNull();
        (await ResetAsync(nobody, mail.Token, NewPassword)).ShouldBe("TOKEN_INVALID");

        server.Clock.Advance(MailTokens.MailEvery);
        await nobody.CallAsync($"requestPasswordReset(email: \"{email}\")");
        var second = await server.Mail.MailAsync(one => one.To == email && one.IsReset && one.Token != mail.Token);
        await alice.DoAsync("changeEmail", new { email = AccountServer.NewEmail(), password = NewPassword }, "ok");
        (await ResetAsync(nobody, second.Token, NewPassword)).ShouldBe("TOKEN_INVALID");
    }

    [Fact]
    public async Task Somebodys_mailbox_cannot_be_flooded()
    {
        var (_, email) = await server.PersonAsync();
        var (_, marker) = await server.PersonAsync();
        using var nobody = server.Chat.Anonymous();
        for (var i = 0; i < 5; i++)
            await nobody.CallAsync($"requestPasswordReset(email: \"{email}\")");
        await nobody.CallAsync($"requestPasswordReset(email: \"{marker}\")");
        await server.Mail.ResetAsync(marker);
        server.Mail.Mails.Count(mail => mail.To == email && mail.IsReset).ShouldBe(1);
        for (var i = 0; i < MailTokens.PerAccountMax + 2; i++)
        {
            server.Clock.Advance(MailTokens.MailEvery);
            await nobody.CallAsync($"requestPasswordReset(email: \"{email}\")");
            await Eventually.TrueAsync(() => Task.FromResult(
                server.Mail.Mails.Count(mail => mail.To == email && mail.IsReset) == i + 2));
        }

        var oldest = server.Mail.Mails.First(mail => mail.To == email && mail.IsReset);
        (await ResetAsync(nobody, oldest.Token, NewPassword)).ShouldBe("TOKEN_INVALID");
        var newest = server.Mail.Mails.Last(mail => mail.To == email && mail.IsReset);
        (await ResetAsync(nobody, newest.Token, NewPassword)).ShouldBeNull();
    }

    private Task<long> HashesAsync(ChatClient client, string like) => server.Chat.CountAsync(
        $"select count(*) from chat_auth.passwords where account_id = '{client.Id}' and hash like '{like}'");

    private static Task<string?> ResetAsync(ChatClient client, string token, string newPassword) =>
        client.CallCodeAsync($"resetPassword(token: \"{token}\", newPassword: \"{newPassword}\")");

    private static Task<string?> ChangeAsync(ChatClient client, string currentPassword, string newPassword) =>
        client.CallCodeAsync(
            $"changePassword(input: {{ currentPassword: \"{currentPassword}\", newPassword: \"{newPassword}\" }})");

    private async Task<string?> SignInCodeAsync(string email, string password)
    {
        using var client = server.Chat.Anonymous();
        return await client.CallCodeAsync($"signIn(input: {{ email: \"{email}\", password: \"{password}\" }})");
    }
}
