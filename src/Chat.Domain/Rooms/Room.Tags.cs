using Chat.Domain.Messages;

namespace Chat.Domain.Rooms;

/// <summary>
/// The tags of a room's events (ADR 4): each later decision names those that it rests on. One that nothing rests on, a
/// plain post, has none.
/// </summary>
public sealed partial record Room
{
    /// <summary>
    /// Tags an event that changes what is allowed in the room at all, or what is left of its history.
    /// </summary>
    public const string SettingsTag = "settings";

    /// <summary>Tags an event that changes who is in the room, or as what.</summary>
    public const string MembersTag = "members";

    /// <summary>Tags an event that changes what is pinned.</summary>
    public const string PinsTag = "pins";

    /// <summary>Tags an event that changes what one person is in the room: role, ban, mute, invitation.</summary>
    public static string MemberTag(Guid accountId) => $"member:{accountId:N}";

    /// <summary>Tags a post in slow mode: the author's next one has to wait.</summary>
    public static string AuthorTag(Guid accountId) => $"author:{accountId:N}";

    /// <summary>Tags an event that changes a message itself: its text, or that it is there.</summary>
    public static string MessageTag(Guid messageId) => $"message:{messageId:N}";

    /// <summary>Tags an event that changes with which emoji people have reacted to a message.</summary>
    public static string KindsTag(Guid messageId) => $"kinds:{messageId:N}";

    /// <summary>
    /// Tags a person's reactions, in the whole room: one row per person and not one per message and person.
    /// </summary>
    public static string ReactorTag(Guid accountId) => $"reactor:{accountId:N}";

    public static IReadOnlyList<string> TagsOf(RoomEvent @event) => @event switch
    {
        RoomUpdated or RoomArchived or RoomReopened => [SettingsTag],
        HistoryExpired => [SettingsTag, PinsTag],
        MemberJoined e => [MembersTag, MemberTag(e.MemberId)],
        MemberLeft e => [MembersTag, MemberTag(e.MemberId)],
        MemberKicked e => [MembersTag, MemberTag(e.MemberId)],
        MemberBanned e => [MembersTag, MemberTag(e.MemberId)],
        MemberRoleChanged e => [MembersTag, MemberTag(e.MemberId)],
        MemberInvited e => [MemberTag(e.MemberId)],
        InvitationDeclined e => [MemberTag(e.MemberId)],
        MemberUnbanned e => [MemberTag(e.MemberId)],
        MemberMuted e => [MemberTag(e.MemberId)],
        MemberUnmuted e => [MemberTag(e.MemberId)],
        MessagePosted { Slowed: true } e => [AuthorTag(e.AuthorId)],
        MessageEdited e => [MessageTag(e.MessageId)],
        MessageDeleted e => [MessageTag(e.MessageId)],
        ReactionAdded { NewKind: true } e => [ReactorTag(e.AccountId), KindsTag(e.MessageId)],
        ReactionAdded e => [ReactorTag(e.AccountId)],
        ReactionRemoved e => [ReactorTag(e.AccountId), KindsTag(e.MessageId)],
        MessagePinned or MessageUnpinned => [PinsTag],
        RoomCreated or MessagePosted => [],
        _ => throw new InvalidOperationException($"Room does not know {@event.GetType().Name}."),
    };
}
