using Chat.EventStore;

namespace Chat.Api.Rebuilding;

/// <summary>Shows a rebuild where there is no terminal: a line now and then, never two within a second.</summary>
internal sealed class RebuildLines(Action<string> write, TimeProvider clock) : IProgress<RebuildProgress>
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long? _lastAt;

    public void Report(RebuildProgress value)
    {
        lock (_gate)
        {
            if (_lastAt is { } at && clock.GetElapsedTime(at) < Interval)
                return;
            _lastAt = clock.GetTimestamp();
            write(RebuildText.Line(value));
        }
    }
}
