using Chat.Api.Accounts;
using Chat.Domain.Messages;
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

    /// <summary>See <see cref="PastEvent"/>.</summary>
    [GraphQLIgnore]
    public bool IsPast { get; private init; }

    /// <summary>The step of an event that a stream hands over.</summary>
    public static RoomStep Of(object item) => item is PastEvent past
        ? From(past.Stored) with { IsPast = true }
        : From((StoredEvent)item);

    /// <summary>What the schema shows of an event of the log: always something, for positions have no gaps.</summary>
    public static RoomStep From(StoredEvent stored) => stored.Data switch
    {
        RoomCreated => new RoomCreatedStep(stored),
        RoomUpdated or RoomArchived or RoomReopened => new RoomUpdatedStep(stored),
        MessagePosted e => new MessagePostedStep(stored, e),
        MessageEdited e => new MessageEditedStep(stored, e.MessageId),
        MessageDeleted e => new MessageDeletedStep(stored, e.MessageId),
        ReactionAdded e => new ReactionAddedStep(stored, e.MessageId, e.Emoji),
        ReactionRemoved e => new ReactionRemovedStep(stored, e.MessageId, e.Emoji),
        MessagePinned e => new MessagePinnedStep(stored, e.MessageId),
        MessageUnpinned e => new MessageUnpinnedStep(stored, e.MessageId),
        HistoryExpired e => new HistoryExpiredStep(stored, e.ThroughPosition),
        var other => MemberStep(stored, other),
    };

    private static MemberChangedStep MemberStep(StoredEvent stored, object data) => data switch
    {
        MemberJoined e => new(stored, e.MemberId, MemberChange.Joined)
        {
            Role = RoomRole.Member,
            MutedUntil = e.MutedUntil > stored.Timestamp ? e.MutedUntil : null,
        },
        MemberLeft e => new(stored, e.MemberId, MemberChange.Left),
        MemberInvited e => new(stored, e.MemberId, MemberChange.Invited),
        // Whoever declines an invitation goes before they came.
        InvitationDeclined e => new(stored, e.MemberId, MemberChange.Left),
        MemberKicked e => new(stored, e.MemberId, MemberChange.Kicked) { ReasonGiven = e.Reason },
        MemberBanned e => new(stored, e.MemberId, MemberChange.Banned) { ReasonGiven = e.Reason },
        MemberUnbanned e => new(stored, e.MemberId, MemberChange.Unbanned),
        MemberMuted e => new(stored, e.MemberId, MemberChange.Muted) { MutedUntil = e.Until, ReasonGiven = e.Reason },
        MemberUnmuted e => new(stored, e.MemberId, MemberChange.Unmuted),
        MemberRoleChanged e => new(stored, e.MemberId, MemberChange.RoleChanged) { Role = e.Role },
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
    Invited,
    Kicked,
    Banned,
    Unbanned,
    Muted,
    Unmuted,
    RoleChanged,
}

[ObjectType]
[GraphQLName("MemberChanged")]
public sealed record MemberChangedStep(
    StoredEvent Stored, [property: GraphQLIgnore] Guid MemberId, MemberChange Change) : RoomStep(Stored)
{
    public RoomRole? Role { get; init; }

    [GraphQLDescription("The end of a mute. Mutes outlive a membership: who joins may be muted still.")]
    public DateTimeOffset? MutedUntil { get; init; }

    /// <summary>For those it concerns: <see cref="MemberChangedType.ReasonAsync"/>.</summary>
    [GraphQLIgnore]
    public string? ReasonGiven { get; init; }
}

[ObjectType]
[GraphQLName("MessagePosted")]
public sealed record MessagePostedStep(StoredEvent Stored, [property: GraphQLIgnore] MessagePosted Event)
    : RoomStep(Stored);

[ObjectType]
[GraphQLName("MessageEdited")]
public sealed record MessageEditedStep(StoredEvent Stored, [property: GraphQLIgnore] Guid MessageId)
    : RoomStep(Stored);

[ObjectType]
[GraphQLName("MessageDeleted")]
public sealed record MessageDeletedStep(StoredEvent Stored, Guid MessageId) : RoomStep(Stored);

[ObjectType]
[GraphQLName("ReactionAdded")]
public sealed record ReactionAddedStep(StoredEvent Stored, Guid MessageId, string Emoji) : RoomStep(Stored);

[ObjectType]
[GraphQLName("ReactionRemoved")]
public sealed record ReactionRemovedStep(StoredEvent Stored, Guid MessageId, string Emoji) : RoomStep(Stored);

[ObjectType]
[GraphQLName("MessagePinned")]
public sealed record MessagePinnedStep(StoredEvent Stored, Guid MessageId) : RoomStep(Stored);

[ObjectType]
[GraphQLName("MessageUnpinned")]
public sealed record MessageUnpinnedStep(StoredEvent Stored, Guid MessageId) : RoomStep(Stored);

[ObjectType]
[GraphQLName("HistoryExpired")]
public sealed record HistoryExpiredStep(StoredEvent Stored, long ThroughPosition) : RoomStep(Stored);

[SubscriptionType]
internal static class RoomEventsSubscription
{
    public static IAsyncEnumerable<EventPage<object>> SubscribeToRoomEvents(
        Guid roomId, [GlobalState] Caller caller, RoomEventStream events, CancellationToken ct, long? after = null) =>
        events.ReadAsync(roomId, caller, after, ct);

    /// <summary>Watchers of different rooms have no event in common: nobody's answer is kept for them.</summary>
    public static Guid RoomOf(Guid roomId) => roomId;

    // Watchers of a room are handed the same events by its feed. What they see depends on who they are only where
    // a field asks for the caller.
    [Subscribe(With = nameof(SubscribeToRoomEvents), IsShared = true, VisibilityKey = nameof(RoomOf))]
    [GraphQLDescription("Everything after a position, in order, each exactly once; without one, from now on.")]
    public static IRoomEvent RoomEvents([EventMessage] object item) => RoomStep.Of(item);
}
