namespace Chat.Domain.Rooms;

/// <summary>The server lets messages go that are older than the room keeps them.</summary>
/// <param name="ThroughPosition">
/// The newest event written before <see cref="Before"/>; the read model knows it.
/// </param>
public sealed record ExpireHistory(long ThroughPosition)
{
    public static IReadOnlyList<string> RestsOn => [Room.SettingsTag];

    /// <summary>What was written before this is to go; null: the room keeps everything.</summary>
    public static DateTimeOffset? Before(Room room, DateTimeOffset now) =>
        room.Settings.RetentionDays is { } days ? now.AddDays(-days) : null;

    public Decision<RoomEvent> Decide(Room room) =>
        room.Settings.RetentionDays is null || ThroughPosition <= room.ExpiredThrough
            ? Decision<RoomEvent>.Nothing
            : new HistoryExpired(ThroughPosition);
}
