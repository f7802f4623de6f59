using FluentValidation;

namespace Chat.Domain.Accounts;

/// <summary>A guest becomes a registered person and keeps id and history.</summary>
/// <param name="DisplayName">Null: the guest's name stays.</param>
public sealed record UpgradeGuest(string Email, string? DisplayName)
{
    public static readonly Refusal NotGuest = new("ACCOUNT_NOT_GUEST", "Only guests can be upgraded.");

    /// <summary>
    /// <paramref name="account"/>: the account that is signed in. <paramref name="serverHasOwner"/>: whether the server
    /// has an owner: the first registered account is.
    /// </summary>
    public Decision<AccountEvent> Decide(Account account, bool serverHasOwner) => account switch
    {
        { IsErased: true } => Account.NotFound,
        { IsGuest: false } => NotGuest,
        _ => new GuestUpgraded(
            account.Id, Email, DisplayName ?? account.DisplayName,
            serverHasOwner ? ServerRole.Member : ServerRole.Owner),
    };

    public sealed class Validator : AbstractValidator<UpgradeGuest>
    {
        public Validator()
        {
            RuleFor(command => command.Email).Email();
            RuleFor(command => command.DisplayName!).Name(Account.DisplayNameGraphemesMax)
                .When(command => command.DisplayName is not null);
        }
    }
}
