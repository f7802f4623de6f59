using System.Threading.Channels;
using Chat.Domain.Accounts;

namespace Chat.Api.Accounts;

/// <summary>
/// The mails of accounts. They are made and sent behind the answer, one after the other: whether there is an account,
/// and how long a mail takes, the answer does not show. A mail that a stopping server has not sent can be asked for
/// again.
/// </summary>
internal sealed class AccountMails(
    AccountLog accounts, Credentials credentials, MailTokens tokens, MailSender sender,
    ILogger<AccountMails> logger) : BackgroundService
{
    /// <summary>Mails that may wait; more are dropped, which is logged.</summary>
    public const int WaitingMax = 1000;

    private readonly Channel<Func<CancellationToken, Task>> _waiting =
        System.Threading.Channels.Channel.CreateBounded<Func<CancellationToken, Task>>(
            new BoundedChannelOptions(WaitingMax) { SingleReader = true });

    /// <summary>A link that verifies the account's address, unless it is verified.</summary>
    public void Verify(Guid accountId) => Enqueue(ct => VerifyAsync(accountId, ct));

    /// <summary>A link that resets the password, if there is an account with this address.</summary>
    public void ResetPassword(string email) => Enqueue(ct => ResetPasswordAsync(email, ct));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var mail in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await mail(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // One mail less; the next ones go on.
                logger.Log(Unavailable.Is(e) ? LogLevel.Warning : LogLevel.Error, e, "A mail could not be made.");
            }
        }
    }

    private void Enqueue(Func<CancellationToken, Task> mail)
    {
        if (!_waiting.Writer.TryWrite(mail))
            logger.LogWarning("More than {Max} mails wait: one was dropped.", WaitingMax);
    }

    private async Task VerifyAsync(Guid accountId, CancellationToken ct)
    {
        if (await accounts.FindAsync(accountId, ct) is not { Email: { } email, IsEmailVerified: false }
            || await tokens.MakeAsync(MailTokenKind.Verification, accountId, email, ct) is not { } token)
            return;
        await sender.SendAsync(new LinkMail(
            email, "confirm your e-mail address",
            "Somebody, probably you, gave this e-mail address for an account. Open this link to confirm it. It is good "
            + $"for {MailToken.VerificationLifetime.TotalDays} days. If it was not you, do nothing.",
            "/verify-email", token), ct);
    }

    private async Task ResetPasswordAsync(string email, CancellationToken ct)
    {
        // The mail goes to the address as its owner wrote it, not as the stranger did who asks.
        if (await credentials.FindAsync(email, ct) is not { } credential
            || await accounts.FindAsync(credential.AccountId, ct) is not { Email: { } own }
            || await tokens.MakeAsync(MailTokenKind.Reset, credential.AccountId, own, ct) is not { } token)
            return;
        await sender.SendAsync(new LinkMail(
            own, "a new password",
            "Somebody, probably you, asked for a new password. Open this link to choose one; it ends all your "
            + $"sessions. It is good for {MailToken.ResetLifetime.TotalMinutes} minutes. "
            + "If it was not you, do nothing.",
            "/reset-password", token), ct);
    }
}
