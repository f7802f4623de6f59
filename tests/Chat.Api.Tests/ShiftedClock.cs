namespace Chat.Api.Tests;

/// <summary>
/// The machine's clock, some time ahead: timers run as ever, and what has a deadline finds that it is over.
/// </summary>
public sealed class ShiftedClock : TimeProvider
{
    private long _aheadTicks;

    public void Advance(TimeSpan time) => Interlocked.Add(ref _aheadTicks, time.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

    public override long GetTimestamp() => base.GetTimestamp()
        + (long)(Interlocked.Read(ref _aheadTicks) / (double)TimeSpan.TicksPerSecond * TimestampFrequency);
}
