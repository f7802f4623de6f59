using Chat.Api.Accounts;
using Chat.Api.Rooms;
using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Projections;
using Chat.Projections.Messages;

namespace Chat.Api.Messages;

[GraphQLName("Message")]
public sealed record MessageView([property: GraphQLIgnore] MessageRow Row)
{
    public Guid Id => Row.Id;

    public Guid RoomId => Row.RoomId;

    public long Position => Row.Position;

    [GraphQLDescription("Empty once deleted or erased; in an encrypted room the base64 of an MLS message.")]
    public string Text => Row.Text;

    public DateTimeOffset SentAt => Row.SentAt;

    public DateTimeOffset? EditedAt => Row.EditedAt;

    public DateTimeOffset? DeletedAt => Row.DeletedAt;

    [GraphQLDescription("Messages of the thread that this one begins, without deleted ones.")]
    public int ReplyCount => Row.ReplyCount;

    public bool MentionsRoom => Row.MentionsRoom;

    /// <summary>As it was posted: what others did to it need not be looked up.</summary>
    [GraphQLIgnore]
    public bool IsNew { get; private init; }

    /// <summary>
    /// The event of the log that it comes from, where that is not the read models, as for the rest of the answer.
    /// </summary>
    [GraphQLIgnore]
    public long? Sequence { get; private init; }

    public static MessageView From(MessageRow row) => new(row);

    /// <summary>A message that says what it said when it was posted; it may have reactions and be pinned.</summary>
    public static MessageView Unchanged(MessagePosted e, Guid roomId, Moment moment, long sequence) =>
        New(e, roomId, moment, sequence) with { IsNew = false };

    /// <summary>That there is a message, and nothing of what it says or who has to do with it but its author.</summary>
    public static MessageView Hidden(MessageRow row) => new(row with
    {
        Text = "", ReplyToId = null, ThreadRootId = null, ReplyCount = 0, MentionIds = [], MentionsRoom = false,
    })
    {
        IsNew = true,
    };

    /// <summary>A message to which nothing has happened since it was posted.</summary>
    public static MessageView New(MessagePosted e, Guid roomId, Moment moment, long sequence) =>
        new(new MessageRow(
            e.MessageId, roomId, moment.Position, e.AuthorId, e.Text, moment.At, EditedAt: null, DeletedAt: null,
            e.ReplyToId, e.ThreadRootId, ReplyCount: 0, e.MentionIds ?? [], e.MentionsRoom))
        {
            IsNew = true,
            Sequence = sequence,
        };
}

public sealed record MessageConnection(IReadOnlyList<MessageView> Nodes, PageInfo PageInfo)
{
    public static MessageConnection From(Page<MessageRow> page) => new(
        [.. page.Items.Select(MessageView.From)], PageInfo.Of(page, row => Cursor.EncodePosition(row.Position)));
}

[ObjectType<MessageView>]
internal static class MessageType
{
    /// <summary>What a list of people or kinds on one message counts for in an operation's cost.</summary>
    public const int AssumedSize = 5;

    public static Task<User> AuthorAsync(
        [Parent] MessageView message, AccountLoader accounts, KnownPeopleLoader people, CancellationToken ct) =>
        message.Sequence is { } sequence
            ? people.UserAsync(message.Row.AuthorId, sequence, ct)
            : accounts.UserAsync(message.Row.AuthorId, ct);

    [GraphQLDescription("Null also when it lies before the viewer's floor.")]
    public static async Task<MessageView?> ReplyToAsync(
        [Parent] MessageView message, [GlobalState] Caller caller, RoomAccessLoader access, MessageLoader messages,
        CancellationToken ct) => message.Row.ReplyToId is { } id
            ? await messages.VisibleAsync(message.RoomId, id, caller, access, ct)
            : null;

    [GraphQLDescription(
        "The message that begins the thread; null outside of threads, and when it lies before the viewer's floor.")]
    public static async Task<Guid?> ThreadRootIdAsync(
        [Parent] MessageView message, [GlobalState] Caller caller, RoomAccessLoader access, MessageLoader messages,
        CancellationToken ct) => message.Row.ThreadRootId is { } id
            ? (await messages.VisibleAsync(message.RoomId, id, caller, access, ct))?.Id
            : null;

    [GraphQLDescription("One group for each emoji, in the order in which they appeared.")]
    [ListSize(AssumedSize = AssumedSize)]
    public static async Task<IReadOnlyList<ReactionGroup>> ReactionsAsync(
        [Parent] MessageView message, ReactionGroupLoader groups, CancellationToken ct) => message.IsNew
            ? []
            : [.. (await groups.LoadAsync(message.Id, ct)).Select(row => new ReactionGroup(row))];

    [ListSize(AssumedSize = AssumedSize)]
    public static async Task<IReadOnlyList<User>> MentionsAsync(
        [Parent] MessageView message, AccountLoader accounts, CancellationToken ct) =>
        await Task.WhenAll(message.Row.MentionIds.Select(id => accounts.UserAsync(id, ct)));

    public static async Task<bool> PinnedAsync(
        [Parent] MessageView message, PinnedLoader pinned, CancellationToken ct) =>
        !message.IsNew && await pinned.LoadAsync((message.RoomId, message.Id), ct);
}
