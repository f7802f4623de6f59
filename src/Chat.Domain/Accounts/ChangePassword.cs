namespace Chat.Domain.Accounts;

/// <summary>A new password with the old one. Neither comes here.</summary>
/// <param name="PasswordMatches">Whether the given old password is the account's: the stored hash knows.</param>
public sealed record ChangePassword(bool PasswordMatches)
{
    /// <summary><paramref name="account"/>: the account that is signed in.</summary>
    public Decision<AccountEvent> Decide(Account account) => account switch
    {
        { IsErased: true } => Account.NotFound,
        { Email: null } => Account.OnlyRegistered,
        _ when !PasswordMatches => Password.Wrong with { Field = "currentPassword" },
        _ => new PasswordChanged(account.Id),
    };
}
