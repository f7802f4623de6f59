using Chat.Api.Accounts;
using Chat.Api.Messages;
using Chat.Api.Realtime;
using Chat.Domain.Rooms;
using Chat.Projections.Messages;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

[GraphQLName("Room")]
public sealed record RoomView(
    Guid Id, RoomKind Kind, string Name, string Topic, RoomVisibility Visibility, bool Encrypted, bool Archived,
    DateTimeOffset CreatedAt,
    [property: GraphQLDescription("The version of the room's event stream that this whole answer reflects.")]
    long Position,
    RoomSettings Settings,
    int MemberCount)
{
    public static RoomView From(RoomRow row) => new(
        row.Id, row.Kind, row.Name, row.Topic, row.Visibility, row.Encrypted, row.Archived, row.CreatedAt,
        row.Position, row.Settings, row.MemberCount);

    /// <summary>The room in a step: for who is not in it any more, no more of it than the step said.</summary>
    internal RoomView To(RoomStep step, string name) => step.IsPast && Visibility != RoomVisibility.Public
        ? this with
        {
            Name = name, Topic = "", Archived = false, Position = step.Position, Settings = RoomSettings.Default,
            MemberCount = 0,
        }
        : this;
}

[ObjectType<RoomView>]
internal static class RoomType
{
    [GraphQLDescription("Null when the viewer is not a member.")]
    public static async Task<Membership?> ViewerMembershipAsync(
        [Parent] RoomView room, [GlobalState] Caller caller, RoomAccessLoader access, CancellationToken ct) =>
        await access.LoadAsync((caller, room.Id), ct) is { Membership: { } row } ? new Membership(room, row) : null;

    [GraphQLDescription("For members; null for a viewer who sees a public room from outside.")]
    public static async Task<MemberConnection?> MembersAsync(
        [Parent] RoomView room, [GlobalState] Caller caller, RoomAccessLoader access, MemberReader members,
        CancellationToken ct, int? first = PageArguments.DefaultSize, string? after = null)
    {
        PageArguments.CheckSize("first", first);
        var start = after is null ? 0 : Cursor.DecodePosition("after", after);
        if (await access.LoadAsync((caller, room.Id), ct) is not { MayRead: true })
            return null;
        var page = await members.PageAsync(room.Id, first ?? PageArguments.DefaultSize, start, ct);
        return new MemberConnection(
            [.. page.Items.Select(row => new Member(row))],
            PageInfo.Of(page, row => Cursor.EncodePosition(row.JoinedPosition)),
            room.MemberCount);
    }

    [GraphQLDescription(
        "For members; neither first nor last: the newest 50. Ascending inside a page; cursors are positions.")]
    [ListSize(AssumedSize = PageArguments.DefaultSize)]
    public static async Task<MessageConnection?> MessagesAsync(
        [Parent] RoomView room, [GlobalState] Caller caller, RoomAccessLoader access, MessageReader messages,
        CancellationToken ct, int? first = null, int? last = null, long? after = null, long? before = null)
    {
        if (first is not null && last is not null)
            throw PageArguments.Invalid("last", "give first or last, not both");
        PageArguments.CheckSize("first", first);
        PageArguments.CheckSize("last", last);
        PageArguments.CheckPosition("after", after);
        PageArguments.CheckPosition("before", before);
        if (await access.LoadAsync((caller, room.Id), ct) is not { MayRead: true } seen)
            return null;
        var page = await messages.PageAsync(
            room.Id, seen.Floor, first ?? last ?? PageArguments.DefaultSize, fromEnd: first is null, after, before, ct);
        return MessageConnection.From(page);
    }

    [GraphQLDescription("For members, by position; null for a viewer who sees a public room from outside.")]
    [ListSize(AssumedSize = Domain.Messages.PinMessage.PinsMax)]
    public static async Task<IReadOnlyList<MessageView>?> PinnedAsync(
        [Parent] RoomView room, [GlobalState] Caller caller, RoomAccessLoader access, PinReader pins,
        MessageReader messages, CancellationToken ct)
    {
        if (await access.LoadAsync((caller, room.Id), ct) is not { MayRead: true } seen)
            return null;
        var keys = (await pins.OfRoomAsync(room.Id, ct)).ConvertAll(pin => new MessageKey(pin.MessageId, seen.Floor));
        var rows = await messages.FindAsync(keys, ct);
        return [.. rows.OrderBy(row => row.Position).Select(MessageView.From)];
    }

    [GraphQLDescription("For moderators and above: everything that happened, newest first; null for others.")]
    [ListSize(AssumedSize = PageArguments.DefaultSize, SlicingArguments = ["first"])]
    public static async Task<IReadOnlyList<IRoomEvent>?> ActivityAsync(
        [Parent] RoomView room, [GlobalState] Caller caller, RoomAccessLoader access, EventLog log,
        CancellationToken ct, int? first = PageArguments.DefaultSize, long? before = null)
    {
        PageArguments.CheckSize("first", first);
        PageArguments.CheckPosition("before", before);
        if (await access.LoadAsync((caller, room.Id), ct) is not { MaySeeActivity: true } seen)
            return null;
        // Positions have no gaps: a page of the newest is a range, and the answer stays at the room's position.
        var last = Math.Min(before - 1 ?? long.MaxValue, room.Position);
        var from = Math.Max(last - (first ?? PageArguments.DefaultSize) + 1, seen.Floor + 1);
        var events = new List<IRoomEvent>();
        if (from > last)
            return events;
        await foreach (var stored in log.ReadStreamAsync(room.Id, from, last, ct))
            events.Add(RoomStep.From(stored));
        events.Reverse();
        return events;
    }
}
