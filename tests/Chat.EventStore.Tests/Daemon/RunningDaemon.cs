namespace Chat.EventStore.Tests;

/// <summary>A daemon at work until it is disposed, which ends it as the stop of its process would.</summary>
public sealed class RunningDaemon : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    public RunningDaemon(ProjectionDaemon daemon)
    {
        Daemon = daemon;
        running = Task.Run(() => daemon.RunAsync(stopping.Token));
    }

    public ProjectionDaemon Daemon { get; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
    }
}
