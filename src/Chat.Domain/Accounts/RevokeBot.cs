namespace Chat.Domain.Accounts;

/// <summary>Ends a bot's token for good.</summary>
public sealed record RevokeBot(Actor Revoker)
{
    /// <summary><paramref name="account"/>: the bot, from its stream; null when there is no such account.</summary>
    public Decision<AccountEvent> Decide(Account? account) => account switch
    {
        _ when !Revoker.May(ServerPermission.ManageBots) => Account.NotAllowed,
        null or { IsBot: false } or { IsErased: true } => Account.NotFound,
        { IsRevoked: true } => Decision<AccountEvent>.Nothing,
        _ => new BotRevoked(account.Id, Revoker.Id),
    };
}
