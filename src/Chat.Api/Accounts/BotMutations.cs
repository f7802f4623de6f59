using Chat.Api.Commands;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Projections;

namespace Chat.Api.Accounts;

public sealed record CreateBotInput(Guid? CommandId, string DisplayName);

public sealed record RevokeBotInput(Guid? CommandId, Guid UserId);

public sealed record BotPayload(
    User? User,
    [property: GraphQLDescription("Shown once: null when the command is repeated.")]
    string? Token,
    IReadOnlyList<CommandError> Errors) : ICommandPayload<BotPayload>
{
    public static BotPayload Failed(IReadOnlyList<CommandError> errors) => new(null, null, errors);
}

[MutationType]
internal static class BotMutations
{
    private static readonly CreateBot.Validator Bots = new();

    [GraphQLDescription("An account for a program, with a token that is good until the bot is revoked.")]
    public static Task<BotPayload> CreateBotAsync(
        CreateBotInput input, [GlobalState] Caller caller, AccountLog accounts, BotCreation creation,
        CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            if (await accounts.FindAsync(session.Account.Id, ct) is not { } creator)
                return CommandGate.Refused<BotPayload>(Refusal.Unauthenticated);
            CreateBot Create(Guid botId) => new(botId, creator.Actor, input.DisplayName.Trim());
            var errors = Bots.Check(Create(Guid.Empty));
            if (errors.Count > 0)
                return BotPayload.Failed(errors);
            return await creation.RunAsync(
                new Command("createBot", input.CommandId, input), session, caller, Create, ct);
        }, ct);

    [GraphQLDescription("Ends a bot's token for good. What the bot wrote stays.")]
    public static Task<UserPayload> RevokeBotAsync(
        RevokeBotInput input, [GlobalState] Caller caller, AccountLog accounts, SessionRows sessions,
        UserResults results, CancellationToken ct) => CommandGate.SignedInAsync(caller, async session =>
        {
            if (await accounts.FindAsync(session.Account.Id, ct) is not { } revoker)
                return CommandGate.Refused<UserPayload>(Refusal.Unauthenticated);
            var outcome = await accounts.RunAsync(
                new Command("revokeBot", input.CommandId, input), session, caller, input.UserId,
                new RevokeBot(revoker.Actor).Decide, ct, () => [sessions.EndAll(input.UserId)]);
            return await results.UserAsync(outcome.Refusal, input.UserId, ct);
        }, ct);
}

/// <summary>Makes bots: the account and its token in one transaction.</summary>
internal sealed class BotCreation(
    AccountLog accounts, SessionRows sessions, ReadSnapshot snapshot, AccountLoader users, TimeProvider clock)
{
    public async Task<BotPayload> RunAsync(
        Command command, Session session, Caller caller, Func<Guid, CreateBot> create, CancellationToken ct)
    {
        // The bot takes the id of its first event: a repeated command means the same bot.
        var botId = command.FirstEventId(session.Account.Id, clock);
        var token = Sessions.NewToken();
        var outcome = await accounts.RunAsync(
            command, session, caller, botId,
            existing => existing is null ? create(botId).Decide() : Decision<AccountEvent>.Nothing, ct,
            () => [sessions.BeginBot(botId, token)]);
        if (outcome.Refusal is { } refusal)
            return CommandGate.Refused<BotPayload>(refusal);
        await snapshot.RenewAsync();
        return new BotPayload(await users.UserAsync(botId, ct), outcome.IsRepeated ? null : token, []);
    }
}
