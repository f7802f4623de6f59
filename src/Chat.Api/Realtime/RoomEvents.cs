using Chat.Api.Accounts;
using Chat.Api.Messages;
using Chat.Api.Rooms;
using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Api.Realtime;

[InterfaceType]
[GraphQLName("RoomEvent")]
[GraphQLDescription("One step of a room. Clients accept kinds of steps that they do not know.")]
public interface IRoomEvent : IViewerEventPayload
{
    Guid RoomId { get; }

    long Position { get; }

    DateTimeOffset At { get; }

    [GraphQLIgnore]
    StoredEvent Stored { get; }
}

public abstract record RoomStep([property: GraphQLIgnore] StoredEvent Stored) : IRoomEvent
{
    public Guid RoomId => Stored.StreamId;

    public long Position => Stored.Version;

    public DateTimeOffset At => Stored.Timestamp;

    /// <summary>What the schema shows of an event of the log.</summary>
    public static RoomStep From(StoredEvent stored) => stored.Data switch
    {
        RoomCreated => new RoomCreatedStep(stored),
        MemberJoined e => new MemberChangedStep(stored, e.MemberId, MemberChange.Joined, RoomRole.Member),
        MemberLeft e => new MemberChangedStep(stored, e.MemberId, MemberChange.Left, Role: null),
        RoomArchived => new RoomUpdatedStep(stored),
        Domain.Messages.MessagePosted e => new MessagePostedStep(
            stored,
            new MessageView(e.MessageId, stored.StreamId, stored.Version, e.AuthorId, e.Text, stored.Timestamp)),
        var other => throw new InvalidOperationException($"The schema does not show {other.GetType().Name}."),
    };
}

[ObjectType]
[GraphQLName("RoomCreated")]
public sealed record RoomCreatedStep(StoredEvent Stored) : RoomStep(Stored);

[ObjectType]
[GraphQLName("RoomUpdated")]
public sealed record RoomUpdatedStep(StoredEvent Stored) : RoomStep(Stored);

public enum MemberChange
{
    Joined,
    Left,
}

[ObjectType]
[GraphQLName("MemberChanged")]
public sealed record MemberChangedStep(
    StoredEvent Stored, [property: GraphQLIgnore] Guid MemberId, MemberChange Change, RoomRole? Role)
    : RoomStep(Stored);

[ObjectType]
[GraphQLName("MessagePosted")]
public sealed record MessagePostedStep(StoredEvent Stored, MessageView Message) : RoomStep(Stored);

[InterfaceType<IRoomEvent>]
internal static class RoomEventType
{
    [GraphQLDescription("Who did it; null where the server did.")]
    public static async Task<User?> ActorAsync(
        [Parent] IRoomEvent step, AccountLoader accounts, CancellationToken ct) =>
        Guid.TryParse(step.Stored.Actor, out var actor)
            ? await accounts.UserAsync(actor, ct)
            : null;
}

[ObjectType<RoomCreatedStep>]
internal static class RoomCreatedType
{
    public static async Task<RoomView> RoomAsync(
        [Parent] RoomCreatedStep step, RoomLoader rooms, CancellationToken ct) =>
        (await rooms.LoadAsync(step.RoomId, ct))!;
}

[ObjectType<RoomUpdatedStep>]
internal static class RoomUpdatedType
{
    public static async Task<RoomView> RoomAsync(
        [Parent] RoomUpdatedStep step, RoomLoader rooms, CancellationToken ct) =>
        (await rooms.LoadAsync(step.RoomId, ct))!;
}

[ObjectType<MemberChangedStep>]
internal static class MemberChangedType
{
    public static Task<User> UserAsync([Parent] MemberChangedStep step, AccountLoader accounts, CancellationToken ct) =>
        accounts.UserAsync(step.MemberId, ct);
}

[SubscriptionType]
internal static class RoomEventsSubscription
{
    public static async IAsyncEnumerable<StoredEvent> SubscribeToRoomEvents(
        Guid roomId, [GlobalState] Caller caller, RoomEventStream events,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct, long? after = null)
    {
        var session = await caller.RequireSessionAsync(ct);
        await foreach (var stored in events.ReadAsync(roomId, session.Account.Id, after, ct))
            yield return stored;
    }

    // Watchers of a room are handed the same events by its feed. What they see depends on who they are only where
    // a field asks for the caller.
    [Subscribe(With = nameof(SubscribeToRoomEvents), IsShared = true)]
    [GraphQLDescription("Everything after a position, in order, each exactly once; without one, from now on.")]
    public static IRoomEvent RoomEvents([EventMessage] StoredEvent stored) => RoomStep.From(stored);
}
