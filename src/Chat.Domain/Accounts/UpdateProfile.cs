using FluentValidation;

namespace Chat.Domain.Accounts;

public sealed record UpdateProfile(string? DisplayName)
{
    public Decision<AccountEvent> Decide(Account account) => account switch
    {
        { IsErased: true } => Account.NotFound,
        _ when DisplayName is null || DisplayName == account.DisplayName => Decision<AccountEvent>.Nothing,
        _ => new ProfileUpdated(account.Id, DisplayName),
    };

    public sealed class Validator : AbstractValidator<UpdateProfile>
    {
        public Validator() => RuleFor(command => command.DisplayName!).Name(Account.DisplayNameGraphemesMax)
            .When(command => command.DisplayName is not null);
    }
}
