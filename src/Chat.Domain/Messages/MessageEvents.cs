using System.Text.Json.Serialization;
using Chat.Domain.Rooms;

namespace Chat.Domain.Messages;

/// <summary>In an encrypted room the text is what the clients made of it.</summary>
/// <param name="Slowed">Posted in slow mode: the author's next post has to wait.</param>
[StoredAs("message_posted")]
public sealed record MessagePosted(
    Guid MessageId,
    [property: DataSubject] Guid AuthorId,
    [property: PersonalData] string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ReplyToId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ThreadRootId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Guid>? MentionIds = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool MentionsRoom = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Slowed = false)
    : RoomEvent;

[StoredAs("message_edited")]
public sealed record MessageEdited(
    Guid MessageId,
    [property: DataSubject] Guid AuthorId,
    [property: PersonalData] string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Guid>? MentionIds = null)
    : RoomEvent;

/// <summary>The text and the reactions are gone; the place in the history stays.</summary>
[StoredAs("message_deleted")]
public sealed record MessageDeleted(
    Guid MessageId,
    [property: DataSubject] Guid DeletedBy,
    [property: PersonalData]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Reason = null) : RoomEvent;

/// <summary><paramref name="NewKind"/>: nobody else had reacted to the message with this emoji.</summary>
[StoredAs("reaction_added")]
public sealed record ReactionAdded(
    Guid MessageId,
    Guid AccountId,
    string Emoji,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool NewKind = false) : RoomEvent;

[StoredAs("reaction_removed")]
public sealed record ReactionRemoved(Guid MessageId, Guid AccountId, string Emoji) : RoomEvent;

/// <summary><paramref name="Position"/>: the message's own position.</summary>
[StoredAs("message_pinned")]
public sealed record MessagePinned(Guid MessageId, long Position) : RoomEvent;

[StoredAs("message_unpinned")]
public sealed record MessageUnpinned(Guid MessageId) : RoomEvent;
