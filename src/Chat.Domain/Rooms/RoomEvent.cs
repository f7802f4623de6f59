using System.Text.Json.Serialization;

namespace Chat.Domain.Rooms;

/// <summary>
/// What happened in one room. The room is the stream, and the stream's version is the room's position. Properties that
/// came later are left out of the JSON where they say nothing.
/// </summary>
public abstract record RoomEvent;

/// <summary>The room exists; its creator is its first member, and its owner unless it is DIRECT.</summary>
[StoredAs("room_created")]
public sealed record RoomCreated(
    Guid RoomId, string Name, string Topic, RoomKind Kind, RoomVisibility Visibility, bool Encrypted, Guid CreatedBy)
    : RoomEvent;

/// <summary>What is null has not changed.</summary>
[StoredAs("room_updated")]
public sealed record RoomUpdated(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Topic = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RoomVisibility? Visibility = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RoomSettings? Settings = null)
    : RoomEvent;

[StoredAs("room_archived")]
public sealed record RoomArchived : RoomEvent;

[StoredAs("room_reopened")]
public sealed record RoomReopened : RoomEvent;

/// <summary>Retention: what was posted up to a position is gone, pinned or not.</summary>
[StoredAs("history_expired")]
public sealed record HistoryExpired(long ThroughPosition) : RoomEvent;

/// <summary>Somebody is in. With <see cref="HistoryHidden"/> they see nothing from before this event.</summary>
/// <param name="MutedUntil">The end of a mute from before, which may have passed: mutes outlive a membership.</param>
[StoredAs("member_joined")]
public sealed record MemberJoined(
    Guid MemberId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool HistoryHidden = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? MutedUntil = null)
    : RoomEvent;

[StoredAs("member_left")]
public sealed record MemberLeft(Guid MemberId) : RoomEvent;

[StoredAs("member_invited")]
public sealed record MemberInvited(Guid MemberId, Guid InvitedBy) : RoomEvent;

[StoredAs("invitation_declined")]
public sealed record InvitationDeclined(Guid MemberId) : RoomEvent;

/// <summary>Put out, or the invitation taken back; nothing keeps them from coming again.</summary>
[StoredAs("member_kicked")]
public sealed record MemberKicked(
    Guid MemberId,
    [property: DataSubject] Guid KickedBy,
    [property: PersonalData]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Reason = null) : RoomEvent;

/// <summary>Put out for good: no membership and no invitation until the ban is lifted.</summary>
[StoredAs("member_banned")]
public sealed record MemberBanned(
    Guid MemberId,
    [property: DataSubject] Guid BannedBy,
    [property: PersonalData]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Reason = null) : RoomEvent;

[StoredAs("member_unbanned")]
public sealed record MemberUnbanned(Guid MemberId) : RoomEvent;

[StoredAs("member_muted")]
public sealed record MemberMuted(
    Guid MemberId,
    DateTimeOffset Until,
    [property: DataSubject] Guid MutedBy,
    [property: PersonalData]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Reason = null) : RoomEvent;

[StoredAs("member_unmuted")]
public sealed record MemberUnmuted(Guid MemberId) : RoomEvent;

[StoredAs("member_role_changed")]
public sealed record MemberRoleChanged(Guid MemberId, RoomRole Role) : RoomEvent;
