using FluentValidation;

namespace Chat.Domain.Accounts;

/// <summary>
/// Another address, which has to be verified anew. That no other account has it is a unique row beside the append.
/// </summary>
/// <param name="PasswordMatches">Whether the given password is the account's: the stored hash knows.</param>
public sealed record ChangeEmail(string Email, bool PasswordMatches)
{
    /// <summary><paramref name="account"/>: the account that is signed in.</summary>
    public Decision<AccountEvent> Decide(Account account) => account switch
    {
        { IsErased: true } => Account.NotFound,
        { Email: null } => Account.OnlyRegistered,
        _ when !PasswordMatches => Password.Wrong,
        { Email: var old } when old == Email => Decision<AccountEvent>.Nothing,
        _ => new EmailChanged(account.Id, Email),
    };

    public sealed class Validator : AbstractValidator<ChangeEmail>
    {
        public Validator() => RuleFor(command => command.Email).Email();
    }
}
