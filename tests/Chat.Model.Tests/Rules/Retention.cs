namespace Chat.Model.Rules;

/// <summary>Rooms let messages go that are older than they keep them; the step says up to which position.</summary>
internal static class Retention
{
    public static void Pass(World world, DateTimeOffset now)
    {
        foreach (var room in world.Rooms)
        {
            if (room.Settings.RetentionDays is not { } days)
                continue;
            var old = room.Messages.Values.Where(message => message.SentAt < now.AddDays(-days)).ToList();
            if (old.Count == 0)
                continue;
            foreach (var message in old)
                room.Messages.Remove(message.Position);
            var through = old.Max(message => message.Position);
            room.Pins.RemoveAll(pin => pin <= through);
            room.Happens(room.Next("HistoryExpired", actor: null, now) with { Through = through });
        }
    }
}
