namespace Chat.Domain.Accounts;

/// <summary>
/// Who gives a command, as far as rules ask: provided by the session, which knows the account's role on the server.
/// </summary>
public readonly record struct Actor(Guid Id, ServerRole Role)
{
    public bool IsGuest => Role == ServerRole.Guest;

    /// <summary>Whether the role on the server allows it, whatever the settings are.</summary>
    public bool May(ServerPermission permission) => Permissions.Of(permission, Role) == Grant.Always;
}
