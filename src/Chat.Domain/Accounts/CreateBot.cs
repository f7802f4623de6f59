using FluentValidation;

namespace Chat.Domain.Accounts;

/// <summary>An account for a program. Its token never comes here; its row is written beside the append.</summary>
public sealed record CreateBot(Guid AccountId, Actor Creator, string DisplayName)
{
    public Decision<AccountEvent> Decide() => Creator.May(ServerPermission.ManageBots)
        ? new BotCreated(AccountId, DisplayName, Creator.Id)
        : Account.NotAllowed;

    public sealed class Validator : AbstractValidator<CreateBot>
    {
        public Validator() => RuleFor(command => command.DisplayName).Name(Account.DisplayNameGraphemesMax);
    }
}
