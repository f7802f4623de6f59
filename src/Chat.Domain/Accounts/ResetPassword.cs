namespace Chat.Domain.Accounts;

/// <summary>
/// A new password by mail. The password never comes here; that a token is used once, its row sees to.
/// </summary>
/// <param name="Token">The token of the mail, found by its hash; null when there is none.</param>
public sealed record ResetPassword(MailToken? Token)
{
    /// <summary><paramref name="account"/>: the token's account; null when there is none.</summary>
    public Decision<AccountEvent> Decide(Account? account, DateTimeOffset now) => account switch
    {
        null => MailToken.Invalid,
        _ when Token?.IsGoodFor(account, now) != true => MailToken.Invalid,
        { IsEmailVerified: true } => new PasswordChanged(account.Id, ByMail: true),
        // The mail was read, so the address is the person's.
        _ => Decision<AccountEvent>.Of(new PasswordChanged(account.Id, ByMail: true), new EmailVerified(account.Id)),
    };
}
