namespace Chat.Api.Realtime.Backplanes;

/// <summary>One node: there is nobody else to tell.</summary>
internal sealed class InProcessBackplane : IBackplane
{
    public int MessageBytesMax => 0;

    public Task SendAsync(IReadOnlyList<string> messages, CancellationToken ct) => Task.CompletedTask;

    public Task ListenAsync(Action connected, Action<string> heard, CancellationToken ct)
    {
        connected();
        return Task.Delay(Timeout.InfiniteTimeSpan, ct);
    }
}
