namespace Chat.Domain.Accounts;

/// <summary>
/// What a link in a mail stands for. The token is kept beside the log, as a hash; who knows it has read the mail.
/// </summary>
/// <param name="Email">The address that the mail went to: another one meanwhile makes the token worthless.</param>
public sealed record MailToken(Guid AccountId, string Email, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan VerificationLifetime = TimeSpan.FromDays(7);
    public static readonly TimeSpan ResetLifetime = TimeSpan.FromHours(1);

    /// <summary>One answer for all that is wrong with a token: who guesses learns nothing.</summary>
    public static readonly Refusal Invalid =
        new("TOKEN_INVALID", "This link is not valid, or no longer. Ask for a new one.") { Field = "token" };

    public bool IsGoodFor(Account account, DateTimeOffset now) =>
        account.Id == AccountId && !account.IsErased && account.Email == Email && now < ExpiresAt;
}
