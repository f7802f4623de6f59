using System.Collections.Immutable;
using Chat.Domain.Rooms;

namespace Chat.Projections.Rooms;

/// <summary>The whole of a room that decisions rest on, as it was at the room's position.</summary>
public sealed class RoomStateReader(ReadSnapshot snapshot)
{
    /// <summary>Null when there is no such room.</summary>
    public async Task<(Room Room, long Position)?> FindAsync(Guid roomId, CancellationToken ct)
    {
        var row = (await new RoomReader(snapshot).FindAsync([roomId], ct)).FirstOrDefault();
        if (row is null)
            return null;
        var members = await snapshot.QueryAsync(
            "select account_id, role, joined_position, floor from chat_read.members where room_id = $1",
            Sql.Parameters(roomId),
            member => KeyValuePair.Create(
                member.GetGuid(0),
                new RoomMember(member.Enum<RoomRole>(1), member.GetInt64(2), member.GetInt64(3))),
            ct);
        var room = new Room(row.Id, row.Kind, row.Name, row.Topic, row.Visibility, row.Encrypted)
        {
            Archived = row.Archived,
            Settings = row.Settings,
            ExpiredThrough = row.ExpiredThrough,
            Members = members.ToImmutableDictionary(),
            Invited = [.. await IdsAsync("invitations", roomId, ct)],
            Banned = [.. await IdsAsync("bans", roomId, ct)],
            MutedUntil = (await TimesAsync("mutes", "until", roomId, ct)).ToImmutableDictionary(),
            SlowPosts = (await TimesAsync("slow_posts", "posted_at", roomId, ct)).ToImmutableDictionary(),
            Pins = (await new PinReader(snapshot).OfRoomAsync(roomId, ct))
                .ToImmutableDictionary(pin => pin.MessageId, pin => pin.Position),
        };
        return (room, row.Position);
    }

    private Task<List<Guid>> IdsAsync(string table, Guid roomId, CancellationToken ct) => snapshot.QueryAsync(
        $"select account_id from chat_read.{table} where room_id = $1",
        Sql.Parameters(roomId), row => row.GetGuid(0), ct);

    private Task<List<KeyValuePair<Guid, DateTimeOffset>>> TimesAsync(
        string table, string column, Guid roomId, CancellationToken ct) => snapshot.QueryAsync(
            $"select account_id, {column} from chat_read.{table} where room_id = $1",
            Sql.Parameters(roomId), row => KeyValuePair.Create(row.GetGuid(0), row.Time(1)), ct);
}
