using Chat.Domain;
using Chat.Domain.Accounts;
using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>Writes new people, together with the rows that must be unique at once.</summary>
internal sealed class Registration(
    AccountLog accounts, Credentials credentials, PasswordHashes passwords, ServerSecrets secrets,
    SessionRows sessions, AccountMails mails, TimeProvider clock)
{
    /// <summary>
    /// How long a registration that is sent again signs in. It takes what a sign-in takes, the address and the
    /// password, so nobody gets in who could not anyway.
    /// </summary>
    public static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(2);

    public Guid NewId() => accounts.NewId();

    /// <summary>Null when the account is there; the refusal otherwise.</summary>
    public async Task<Refusal?> RegisterAsync(
        RegisterAccount command, string password, Caller caller, CancellationToken ct)
    {
        // First, and for a taken address too: the time that it takes tells nothing.
        var hash = await passwords.HashAsync(password, ct);
        if (await credentials.FindAsync(command.Email, ct) is not null)
            return RegisterAccount.EmailTaken;
        return await RunAsync(
            command.AccountId, command.Email, hash, "register", caller, session: null,
            (_, hasOwner) => command.Decide(hasOwner), ct);
    }

    /// <summary>
    /// The account that this very registration made a moment ago; null when the address belongs to anybody else.
    /// </summary>
    public async Task<Credential?> FindRetriedAsync(RegisterAccount command, string password, CancellationToken ct)
    {
        if (await credentials.FindAsync(command.Email, ct) is not { } credential
            || clock.GetUtcNow().UtcDateTime - credential.ChangedAt > RetryMax)
            return null;
        return (await passwords.CheckAsync(credential.PasswordHash, password, ct)).Matches ? credential : null;
    }

    public async Task EnterAsGuestAsync(EnterAsGuest command, Caller caller, CancellationToken ct)
    {
        await accounts.RunAsync(
            new AccountChange(
                command.AccountId, AccountLog.Own(command.AccountId, "enterAsGuest", caller), _ => command.Decide()),
            ct);
    }

    /// <summary>Null when the guest is a registered person now; the refusal otherwise.</summary>
    public async Task<Refusal?> UpgradeAsync(
        UpgradeGuest command, string password, Session session, Caller caller, CancellationToken ct)
    {
        var hash = await passwords.HashAsync(password, ct);
        return await RunAsync(
            session.Account.Id, command.Email, hash, "upgradeGuest", caller, session,
            (account, hasOwner) => account is null ? Account.NotFound : command.Decide(account, hasOwner), ct);
    }

    // Two people may both be first: the one whose row comes second is decided again, as a member.
    private async Task<Refusal?> RunAsync(
        Guid accountId, string email, string passwordHash, string name, Caller caller, Session? session,
        Func<Account?, bool, Decision<AccountEvent>> decide, CancellationToken ct)
    {
        var hmac = await secrets.EmailHmacAsync(email, ct);
        var hasOwner = await credentials.HasOwnerAsync(ct);
        var metadata = AccountLog.Own(accountId, name, caller, session);
        var outcome = await accounts.RunAsync(
            new AccountChange(accountId, metadata, account => decide(account, hasOwner))
            {
                Alongside = () => Rows(accountId, hmac, passwordHash, session, hasOwner),
                WhenTaken = constraint =>
                {
                    hasOwner |= constraint == Credentials.OwnerTaken;
                    return constraint == Credentials.EmailTaken ? RegisterAccount.EmailTaken : null;
                },
            }, ct);
        if (outcome.Refusal is null)
            mails.Verify(accountId);
        return outcome.Refusal;
    }

    private List<NpgsqlBatchCommand> Rows(
        Guid accountId, byte[] emailHmac, string passwordHash, Session? session, bool hasOwner)
    {
        List<NpgsqlBatchCommand> rows =
        [
            Credentials.TakeEmail(accountId, emailHmac),
            credentials.SetPassword(accountId, passwordHash),
        ];
        if (session is not null)
            rows.Add(sessions.EndAll(accountId, except: session.Id));
        if (!hasOwner)
            rows.Add(Credentials.TakeServer(accountId));
        return rows;
    }
}
