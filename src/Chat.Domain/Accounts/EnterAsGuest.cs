using FluentValidation;

namespace Chat.Domain.Accounts;

/// <summary>A person who comes in under a name only.</summary>
public sealed record EnterAsGuest(Guid AccountId, string DisplayName)
{
    public Decision<AccountEvent> Decide() => new GuestEntered(AccountId, DisplayName);

    public sealed class Validator : AbstractValidator<EnterAsGuest>
    {
        public Validator() => RuleFor(command => command.DisplayName).Name(Account.DisplayNameGraphemesMax);
    }
}
