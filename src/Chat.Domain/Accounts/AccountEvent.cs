using System.Text.Json.Serialization;

namespace Chat.Domain.Accounts;

/// <summary>What happened to one account. The account is the stream.</summary>
public abstract record AccountEvent;

[StoredAs("account_registered")]
public sealed record AccountRegistered(
    [property: DataSubject] Guid AccountId,
    [property: PersonalData] string Email,
    [property: PersonalData] string DisplayName,
    ServerRole Role) : AccountEvent;

[StoredAs("guest_entered")]
public sealed record GuestEntered(
    [property: DataSubject] Guid AccountId,
    [property: PersonalData] string DisplayName) : AccountEvent;

/// <summary>A guest has an address and a password now; id and history stay.</summary>
[StoredAs("guest_upgraded")]
public sealed record GuestUpgraded(
    [property: DataSubject] Guid AccountId,
    [property: PersonalData] string Email,
    [property: PersonalData] string DisplayName,
    ServerRole Role) : AccountEvent;

[StoredAs("profile_updated")]
public sealed record ProfileUpdated(
    [property: DataSubject] Guid AccountId,
    [property: PersonalData] string DisplayName) : AccountEvent;

[StoredAs("email_changed")]
public sealed record EmailChanged(
    [property: DataSubject] Guid AccountId,
    [property: PersonalData] string Email) : AccountEvent;

/// <summary>A mail to the address was answered.</summary>
[StoredAs("email_verified")]
public sealed record EmailVerified(Guid AccountId) : AccountEvent;

/// <summary>That it changed, and no more: secrets never enter the log.</summary>
/// <param name="ByMail">By a mail to the account's address, and not with the old password.</param>
[StoredAs("password_changed")]
public sealed record PasswordChanged(
    Guid AccountId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool ByMail = false) : AccountEvent;

[StoredAs("server_role_changed")]
public sealed record ServerRoleChanged(Guid AccountId, ServerRole Role, Guid ChangedBy) : AccountEvent;

[StoredAs("bot_created")]
public sealed record BotCreated(
    [property: DataSubject] Guid AccountId,
    [property: PersonalData] string DisplayName,
    Guid CreatedBy) : AccountEvent;

/// <summary>The bot's token no longer holds.</summary>
[StoredAs("bot_revoked")]
public sealed record BotRevoked(Guid AccountId, Guid RevokedBy) : AccountEvent;

/// <summary>The data key is destroyed: nothing that the person wrote can be read any more.</summary>
[StoredAs("account_erased")]
public sealed record AccountErased(Guid AccountId) : AccountEvent;
