namespace Chat.Domain.Accounts;

/// <summary>Appoints somebody to a role on the server, or takes it: MEMBER.</summary>
public sealed record SetServerRole(Actor Appointer, ServerRole Role)
{
    public static readonly Refusal OwnerStays =
        new("SERVER_OWNER_STAYS", "The server's owner stays owner, and there is only one.") { Field = "role" };

    public static readonly Refusal NotForGuestsAndBots =
        new("SERVER_ROLE_NOT_FOR_GUEST", "Guests and bots have no role on the server.") { Field = "userId" };

    public static readonly Refusal NotGuest =
        new("INVALID_INPUT", "role must not be GUEST: nobody is made a guest.") { Field = "role" };

    /// <summary><paramref name="account"/>: the account to appoint, from its stream; null when there is none.</summary>
    public Decision<AccountEvent> Decide(Account? account)
    {
        // Who may appoint nobody does not learn who is there.
        if (!Appointer.May(ServerPermission.AppointAdmins))
            return Account.NotAllowed;
        if (account is null or { IsErased: true })
            return Account.NotFound;
        if (Role == ServerRole.Guest)
            return NotGuest;
        if (account.Role == Role && !account.IsBot)
            return Decision<AccountEvent>.Nothing;
        if (Role == ServerRole.Owner || account.Role == ServerRole.Owner)
            return OwnerStays;
        if (account.IsGuest || account.IsBot)
            return NotForGuestsAndBots;
        // To make an auditor an administrator is to take a role as well.
        var mayTake = account.Role == ServerRole.Member || Appointer.May(ServerPermission.TakeRoles);
        return mayTake && Appointer.May(Needed)
            ? new ServerRoleChanged(account.Id, Role, Appointer.Id)
            : Account.NotAllowed;
    }

    private ServerPermission Needed => Role switch
    {
        ServerRole.Admin => ServerPermission.AppointAdmins,
        ServerRole.Auditor => ServerPermission.AppointAuditors,
        _ => ServerPermission.TakeRoles,
    };
}
