using FluentValidation;

namespace Chat.Domain.Accounts;

/// <summary>
/// A new person with e-mail and password. The password never comes here: it is no fact of the history.
/// </summary>
public sealed record RegisterAccount(Guid AccountId, string Email, string DisplayName)
{
    public static readonly Refusal EmailTaken =
        new("EMAIL_TAKEN", "There is already an account with this e-mail address. Sign in instead.")
        {
            Field = "email",
        };

    /// <summary>The first registered account owns the server.</summary>
    public Decision<AccountEvent> Decide(bool serverHasOwner) =>
        new AccountRegistered(AccountId, Email, DisplayName, serverHasOwner ? ServerRole.Member : ServerRole.Owner);

    public sealed class Validator : AbstractValidator<RegisterAccount>
    {
        public Validator()
        {
            RuleFor(command => command.Email).Email();
            RuleFor(command => command.DisplayName).Name(Account.DisplayNameGraphemesMax);
        }
    }
}
