using Chat.Api.Accounts;
using Chat.Domain;
using Chat.Projections.Messages;

namespace Chat.Api.Messages;

[QueryType]
internal static class MessageQueries
{
    [GraphQLDescription("Null when it is missing or not visible: the two look alike.")]
    public static async Task<MessageView?> MessageAsync(
        Guid id, [GlobalState] Caller caller, MessageAccess access, CancellationToken ct)
    {
        var session = await caller.RequireSessionAsync(ct);
        return await access.FindAsync(id, session.Account.Actor, ct) is { } message
            ? MessageView.From(message.Row)
            : null;
    }

    [GraphQLDescription("The messages of a thread, ascending, without the one that begins it.")]
    public static async Task<MessageConnection> ThreadAsync(
        Guid rootId, [GlobalState] Caller caller, MessageAccess access, MessageReader messages, CancellationToken ct,
        int? first = PageArguments.DefaultSize, long? after = null)
    {
        PageArguments.CheckSize("first", first);
        PageArguments.CheckPosition("after", after);
        var session = await caller.RequireSessionAsync(ct);
        if (await access.FindAsync(rootId, session.Account.Actor, ct) is not { } root)
            throw new GraphQLException(Refusal.NotFound.Message, Refusal.NotFound.Code);
        return MessageConnection.From(await messages.ThreadAsync(
            rootId, root.Room.Floor, first ?? PageArguments.DefaultSize, fromEnd: false, after, before: null, ct));
    }
}
