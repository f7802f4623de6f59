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

/// <summary>A person as the rules see them.</summary>
public sealed record Account(Guid Id, string DisplayName, ServerRole Role)
{
    public const int DisplayNameGraphemesMax = 50;

    public bool IsGuest => Role == ServerRole.Guest;

    public static Account Evolve(Account? account, AccountEvent @event) => @event switch
    {
        AccountRegistered e => new Account(e.AccountId, e.DisplayName, e.Role),
        GuestEntered e => new Account(e.AccountId, e.DisplayName, ServerRole.Guest),
        _ => throw new InvalidOperationException($"Account does not know {@event.GetType().Name}."),
    };
}
