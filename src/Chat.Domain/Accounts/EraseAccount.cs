namespace Chat.Domain.Accounts;

/// <summary>
/// Erases the account that is signed in. With the event go its data key, sessions, password and address; rooms let it
/// go by <see cref="Rooms.RemoveErasedMember"/>.
/// </summary>
/// <param name="PasswordMatches">
/// Whether the given password is the account's: the stored hash knows. Guests have none and need none.
/// </param>
public sealed record EraseAccount(bool PasswordMatches)
{
    public static readonly Refusal OwnerStays =
        new("SERVER_OWNER_NOT_ERASABLE", "The server's owner cannot be erased: the server would belong to nobody.");

    /// <summary><paramref name="account"/>: the account that is signed in.</summary>
    public Decision<AccountEvent> Decide(Account account) => account switch
    {
        { IsErased: true } => Decision<AccountEvent>.Nothing,
        { Role: ServerRole.Owner } => OwnerStays,
        { IsGuest: false } when !PasswordMatches => Password.Wrong,
        _ => new AccountErased(account.Id),
    };
}
