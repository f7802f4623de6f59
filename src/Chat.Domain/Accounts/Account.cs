namespace Chat.Domain.Accounts;

/// <summary>The rank of an account on the whole server. The numbers are stored: append only.</summary>
public enum ServerRole
{
    Owner = 0,
    Admin = 1,
    Auditor = 2,
    Member = 3,
    Guest = 4,
}

/// <summary>A person, or a bot, as the rules see them.</summary>
public sealed record Account(Guid Id, string DisplayName, ServerRole Role)
{
    public const int DisplayNameGraphemesMax = 50;

    public static readonly Refusal NotFound = new("NOT_FOUND", "There is no such account.") { Field = "userId" };

    public static readonly Refusal NotAllowed =
        new("FORBIDDEN", "Your role on this server does not allow this.");

    public static readonly Refusal OnlyRegistered =
        new("ACCOUNT_NOT_REGISTERED", "This needs an account with e-mail and password.");

    /// <summary>Null for guests and bots.</summary>
    public string? Email { get; init; }

    /// <summary>Whether a mail to the address has been answered.</summary>
    public bool IsEmailVerified { get; init; }

    public bool IsBot { get; init; }

    /// <summary>A bot whose token no longer holds.</summary>
    public bool IsRevoked { get; init; }

    public bool IsErased { get; init; }

    public bool IsGuest => Role == ServerRole.Guest;

    public Actor Actor => new(Id, Role);

    public static Account Evolve(Account? account, AccountEvent @event) => @event switch
    {
        AccountRegistered e => new Account(e.AccountId, e.DisplayName, e.Role) { Email = e.Email },
        GuestEntered e => new Account(e.AccountId, e.DisplayName, ServerRole.Guest),
        BotCreated e => new Account(e.AccountId, e.DisplayName, ServerRole.Member) { IsBot = true },
        _ when account is null => throw new InvalidOperationException("An account's first event must make it."),
        GuestUpgraded e => account with { Email = e.Email, DisplayName = e.DisplayName, Role = e.Role },
        ProfileUpdated e => account with { DisplayName = e.DisplayName },
        EmailChanged e => account with { Email = e.Email, IsEmailVerified = false },
        EmailVerified => account with { IsEmailVerified = true },
        PasswordChanged => account,
        ServerRoleChanged e => account with { Role = e.Role },
        BotRevoked => account with { IsRevoked = true },
        AccountErased => new Account(account.Id, "", ServerRole.Guest) { IsBot = account.IsBot, IsErased = true },
        _ => throw new InvalidOperationException($"Account does not know {@event.GetType().Name}."),
    };
}
