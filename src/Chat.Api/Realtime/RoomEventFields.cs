using Chat.Api.Accounts;
using Chat.Api.Messages;
using Chat.Api.Rooms;
using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using Chat.Projections.Messages;

namespace Chat.Api.Realtime;

[InterfaceType<IRoomEvent>]
internal static class RoomEventType
{
    [GraphQLDescription("Who did it; null where the server did.")]
    public static async Task<User?> ActorAsync(
        [Parent] IRoomEvent step, KnownPeopleLoader people, CancellationToken ct) =>
        Guid.TryParse(step.Stored.Actor, out var actor)
            ? await people.UserAsync(actor, step.Stored.Sequence, ct)
            : null;
}

[ObjectType<RoomCreatedStep>]
internal static class RoomCreatedType
{
    public static async Task<RoomView> RoomAsync(
        [Parent] RoomCreatedStep step, RoomLoader rooms, CancellationToken ct) =>
        (await rooms.LoadAsync(step.RoomId, ct))!.To(step, ((RoomCreated)step.Stored.Data).Name);
}

[ObjectType<RoomUpdatedStep>]
internal static class RoomUpdatedType
{
    public static async Task<RoomView> RoomAsync(
        [Parent] RoomUpdatedStep step, RoomLoader rooms, CancellationToken ct) =>
        (await rooms.LoadAsync(step.RoomId, ct))!.To(step, (step.Stored.Data as RoomUpdated)?.Name ?? "");
}

[ObjectType<MemberChangedStep>]
internal static class MemberChangedType
{
    public static Task<User> UserAsync(
        [Parent] MemberChangedStep step, KnownPeopleLoader people, CancellationToken ct) =>
        people.UserAsync(step.MemberId, step.Stored.Sequence, ct);

    [GraphQLDescription("For the person it is about and for those who see the room's activity; null for others.")]
    public static async Task<string?> ReasonAsync(
        [Parent] MemberChangedStep step, [GlobalState] Caller caller, RoomAccessLoader access, CancellationToken ct)
    {
        // An erased person's words are gone from the log, too.
        if (string.IsNullOrEmpty(step.ReasonGiven))
            return null;
        // Asked for at once, with those of all others.
        var room = access.LoadAsync((caller, step.RoomId), ct);
        return (await caller.SessionAsync(ct))?.Account.Id == step.MemberId
            || await room is { MaySeeActivity: true }
                ? step.ReasonGiven
                : null;
    }
}

[ObjectType<MessagePostedStep>]
internal static class MessagePostedType
{
    public static async Task<MessageView> MessageAsync(
        [Parent] MessagePostedStep step, RoomFeeds feeds, ChangedMessageLoader changes, CancellationToken ct)
    {
        var moment = new Moment(step.Position, step.At);
        var sequence = step.Stored.Sequence;
        // Live messages need not be looked up.
        if (feeds.IsAsPosted(step.Stored, step.Event))
            return MessageView.New(step.Event, step.RoomId, moment, sequence);
        var change = await changes.LoadAsync(new MessagePlace(step.RoomId, step.Position), ct);
        if (step.IsPast)
        {
            var isGone = change is not null && string.IsNullOrEmpty(change.Row?.Text);
            return MessageView.New(isGone ? step.Event with { Text = "" } : step.Event, step.RoomId, moment, sequence);
        }

        return change switch
        {
            null => MessageView.Unchanged(step.Event, step.RoomId, moment, sequence),
            { Row: { } row } => MessageView.From(row),
            // Retention has let it go: the step stays, for positions have no gaps, without what was said.
            _ => MessageView.New(step.Event with { Text = "" }, step.RoomId, moment, sequence),
        };
    }
}

[ObjectType<MessageEditedStep>]
internal static class MessageEditedType
{
    [GraphQLDescription("Without its text where only the edit, and not the message, lies after the viewer's floor.")]
    public static async Task<MessageView> MessageAsync(
        [Parent] MessageEditedStep step, [GlobalState] Caller caller, RoomAccessLoader access,
        MessageStepLoader messages, EventLog log, CancellationToken ct)
    {
        if (await messages.LoadAsync(step.MessageId, ct) is not { } row)
            return MessageView.From(await ExpiredAsync(step, log, ct));
        return await access.LoadAsync((caller, step.RoomId), ct) is { MayRead: true } room && row.Position > room.Floor
            ? MessageView.From(row)
            : MessageView.Hidden(row);
    }

    // The edit is still told of, the message is not there any more.
    private static async Task<MessageRow> ExpiredAsync(MessageEditedStep step, EventLog log, CancellationToken ct)
    {
        var posted = await log.FindAppendAsync(step.MessageId, ct)
            ?? throw new InvalidOperationException($"Message {step.MessageId} was edited but never posted.");
        var edited = (MessageEdited)step.Stored.Data;
        return new MessageRow(
            step.MessageId, step.RoomId, posted.FirstVersion, edited.AuthorId, "", posted.Timestamp, step.At,
            DeletedAt: null, ReplyToId: null, ThreadRootId: null, ReplyCount: 0, MentionIds: [], MentionsRoom: false);
    }
}

/// <summary>What has become of posted messages; null where they are as they were posted.</summary>
internal sealed class ChangedMessageLoader(MessageReader messages) : BatchDataLoader<MessagePlace, ChangedMessage>
{
    protected override async Task<IReadOnlyDictionary<MessagePlace, ChangedMessage>> LoadBatchAsync(
        IReadOnlyList<MessagePlace> keys, CancellationToken ct) =>
        (await messages.ChangedAsync(keys, ct)).ToDictionary(message => message.Place);
}

/// <summary>A message that an event names; whoever is told of the event may see it.</summary>
internal sealed class MessageStepLoader(MessageReader messages) : BatchDataLoader<Guid, MessageRow>
{
    protected override async Task<IReadOnlyDictionary<Guid, MessageRow>> LoadBatchAsync(
        IReadOnlyList<Guid> keys, CancellationToken ct) =>
        (await messages.FindAsync([.. keys.Select(id => new MessageKey(id, Floor: 0))], ct))
            .ToDictionary(message => message.Id);
}
