namespace Chat.Domain.Accounts;

/// <summary>The address is the person's: they have read a mail to it.</summary>
/// <param name="Token">The token of the mail, found by its hash; null when there is none.</param>
public sealed record VerifyEmail(MailToken? Token)
{
    /// <summary><paramref name="account"/>: the token's account; null when there is none.</summary>
    public Decision<AccountEvent> Decide(Account? account, DateTimeOffset now) => account switch
    {
        null => MailToken.Invalid,
        _ when Token?.IsGoodFor(account, now) != true => MailToken.Invalid,
        { IsEmailVerified: true } => Decision<AccountEvent>.Nothing,
        _ => new EmailVerified(account.Id),
    };
}
