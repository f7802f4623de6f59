namespace Chat.Model.Node;

/// <summary>
/// The time stands still until it is moved. Short timers go on: waits and backoffs are no rules. What the server does
/// by the hour is done when the time is moved, and never beside that.
/// </summary>
internal sealed class NodeClock(DateTimeOffset start) : TimeProvider
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private long _ticks = start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void MoveTo(DateTimeOffset time) => Interlocked.Exchange(ref _ticks, time.UtcTicks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime >= Long ? Timeout.InfiniteTimeSpan : dueTime, period);
}
