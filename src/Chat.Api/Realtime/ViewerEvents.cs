using System.Runtime.CompilerServices;
using Chat.Api.Accounts;
using Chat.Domain.Accounts;
using Chat.EventStore;

namespace Chat.Api.Realtime;

[GraphQLDescription("Something that concerns the viewer.")]
public sealed record ViewerEvent(
    [property: GraphQLDescription("The position in the whole log up to which everything was told: resume from here.")]
    long Cursor,
    IViewerEventPayload Event);

[UnionType]
[GraphQLName("ViewerEventPayload")]
public interface IViewerEventPayload;

[ObjectType]
[GraphQLDescription("Somebody's profile changed, or their account was erased; oneself included.")]
public sealed record UserChanged([property: GraphQLIgnore] Guid AccountId) : IViewerEventPayload;

[ObjectType]
[GraphQLDescription("The viewer has read on in another tab or on another device. Live only, not replayed.")]
public sealed record ReadMarkerMoved(Guid RoomId, long Position, int UnreadCount, int MentionCount)
    : IViewerEventPayload;

[ObjectType<UserChanged>]
internal static class UserChangedType
{
    public static Task<User> UserAsync([Parent] UserChanged changed, AccountLoader accounts, CancellationToken ct) =>
        accounts.UserAsync(changed.AccountId, ct);
}

[SubscriptionType]
internal static class ViewerEventsSubscription
{
    public static async IAsyncEnumerable<EventPage<object>> SubscribeToEvents(
        [GlobalState] Caller caller, ViewerEventStream events, [EnumeratorCancellation] CancellationToken ct,
        long? after = null)
    {
        var session = await caller.RequireSessionAsync(ct);
        await foreach (var page in events.ReadAsync(session.Account.Id, after, ct))
            yield return page;
    }

    // The members of a room are handed the same events of the log. A read marker is its owner's alone, and comes as
    // what it is shown as.
    [Subscribe(With = nameof(SubscribeToEvents), IsShared = true)]
    [GraphQLDescription(
        "Everything that concerns the viewer, on one socket: what happens in their rooms while they are in them, and "
        + "to people they know from there. After a cursor, in order, each exactly once; without one, from now on.")]
    public static ViewerEvent Events([EventMessage] object item) => item switch
    {
        StoredEvent { Data: AccountEvent } stored => new ViewerEvent(stored.Sequence, new UserChanged(stored.StreamId)),
        StoredEvent stored => new ViewerEvent(stored.Sequence, RoomStep.From(stored)),
        PastEvent past => new ViewerEvent(past.Stored.Sequence, RoomStep.Of(past)),
        _ => (ViewerEvent)item,
    };
}
