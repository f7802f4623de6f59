using Chat.Api.Accounts;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

public sealed record RoomConnection(IReadOnlyList<RoomView> Nodes, PageInfo PageInfo);

[QueryType]
internal static class RoomQueries
{
    public const int SearchLengthMax = 100;

    [GraphQLDescription("Null when it is missing or not visible: the two look alike.")]
    public static async Task<RoomView?> RoomAsync(
        Guid id, [GlobalState] Caller caller, RoomAccess access, CancellationToken ct)
    {
        var session = await caller.RequireSessionAsync(ct);
        return await access.FindAsync(id, session.Account.Actor, ct) is { } room ? RoomView.From(room.Room) : null;
    }

    [GraphQLDescription("Public rooms and the viewer's own, by name.")]
    public static async Task<RoomConnection> RoomsAsync(
        [GlobalState] Caller caller, RoomReader rooms, CancellationToken ct,
        string? search = null, int? first = PageArguments.DefaultSize, string? after = null)
    {
        PageArguments.CheckSize("first", first);
        if (search?.Length > SearchLengthMax || search?.Contains('\0') == true)
            throw PageArguments.Invalid("search", $"must be text of at most {SearchLengthMax} characters");
        var session = await caller.RequireSessionAsync(ct);
        var start = after is null ? null : DecodeKey(after);
        var page = await rooms.ListAsync(
            session.Account.Id, string.IsNullOrWhiteSpace(search) ? null : search.Trim(),
            first ?? PageArguments.DefaultSize, start, ct);
        return new RoomConnection(
            [.. page.Items.Select(item => RoomView.From(item.Room))], PageInfo.Of(page, EncodeKey));
    }

    private static string EncodeKey(ListedRoom room) => Cursor.Encode($"{room.Room.Id:N}{room.LowerName}");

    private static RoomListKey DecodeKey(string after)
    {
        var text = Cursor.Decode("after", after);
        return text.Length > 32 && Guid.TryParseExact(text[..32], "N", out var id) && !text.Contains('\0')
            ? new RoomListKey(text[32..], id)
            : throw PageArguments.Invalid("after", "is not a cursor of this list");
    }
}
