namespace Chat.EventStore;

internal static class StoreClock
{
    /// <summary>Now, as exact as PostgreSQL keeps it: what the writer answers is what a reader finds.</summary>
    public static DateTimeOffset Now(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
