namespace Chat.Domain.Accounts;

/// <summary>What happened to one account. The account is the stream.</summary>
public abstract record AccountEvent;

public sealed record AccountRegistered(
    [property: DataSubject] Guid AccountId,
    [property: PersonalData] string Email,
    [property: PersonalData] string DisplayName,
    ServerRole Role) : AccountEvent;

public sealed record GuestEntered(
    [property: DataSubject] Guid AccountId,
    [property: PersonalData] string DisplayName) : AccountEvent;
