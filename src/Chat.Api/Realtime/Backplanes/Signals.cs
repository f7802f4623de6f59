using System.Collections.Concurrent;
using Chat.Api.Hosting;

namespace Chat.Api.Realtime.Backplanes;

/// <summary>
/// What the nodes tell each other in passing: who types, who is there, who posts too much. Signals are collected for
/// <see cref="BatchEvery"/> and go out together, in order. They may be lost; nothing that must be kept is a signal.
/// </summary>
internal sealed class Signals(
    IBackplane backplane, ChatOptions options, TimeProvider clock, ILogger<Signals> logger) : BackgroundService
{
    public const int SignalCharsMax = 1_000;

    /// <summary>Signals that wait to be sent; past it the oldest are lost.</summary>
    public const int WaitingMax = 20_000;

    public static readonly TimeSpan BatchEvery = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<char, Action<Guid, string>> _handlers = new();
    private readonly Lock _lock = new();
    private Queue<string> _waiting = new();
    private TaskCompletionSource _published = NewSignal();

    /// <summary>This run of this node: after a restart it is another one.</summary>
    public Guid NodeId { get; } = Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>Whether there may be other nodes.</summary>
    public bool IsShared => backplane.MessageBytesMax > 0;

    /// <summary>
    /// Called when others can be heard again, and when others may have missed something: tell, and ask, what holds.
    /// </summary>
    public event Action? Connected;

    /// <summary>Handles what other nodes tell of a kind.</summary>
    public void On(char kind, Action<Guid, string> handle) => _handlers[kind] = handle;

    /// <summary>Tells the other nodes; does not wait.</summary>
    public void Publish(char kind, string text)
    {
        if (!IsShared)
            return;
        if (text.Length >= SignalCharsMax || text.Contains('\n'))
            throw new ArgumentException($"A signal is one line of at most {SignalCharsMax} characters.", nameof(text));
        TaskCompletionSource published;
        lock (_lock)
        {
            if (_waiting.Count == WaitingMax)
                _waiting.Dequeue();
            _waiting.Enqueue(kind + text);
            published = _published;
        }

        published.TrySetResult();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => IsShared
        ? Task.WhenAll(
            AgainAndAgainAsync("Signals of other nodes are not heard", ListenAsync, stoppingToken),
            AgainAndAgainAsync("Signals are not sent", SendAsync, stoppingToken))
        : Task.CompletedTask;

    private async Task AgainAndAgainAsync(
        string interrupted, Func<Action, CancellationToken, Task> run, CancellationToken ct)
    {
        var delay = RetryMin;
        var isTold = false;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await run(() => (delay, isTold) = (RetryMin, false), ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                logger.Log(
                    isTold ? LogLevel.Debug : LogLevel.Warning, "{Interrupted}: {Reason}", interrupted, e.Message);
                isTold = true;
                await Task.Delay(delay, clock, ct);
                delay = delay < RetryMax / 2 ? 2 * delay : RetryMax;
            }
        }
    }

    private Task ListenAsync(Action works, CancellationToken ct) => backplane.ListenAsync(
        () =>
        {
            works();
            Connected?.Invoke();
        },
        Hear, ct);

    private async Task SendAsync(Action works, CancellationToken ct)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            await Published().WaitAsync(ct);
            await Task.Delay(BatchEvery, clock, ct);
            await backplane.SendAsync(SignalBatch.Write(NodeId, Take(), backplane.MessageBytesMax), ct);
            works();
            // The batch that failed before this one is lost.
            if (isFirst)
                Connected?.Invoke();
        }
    }

    private void Hear(string message)
    {
        if (!SignalBatch.TryRead(message, out var node, out var signals))
        {
            logger.LogDebug("A message that is no batch of signals was heard by {Node}.", options.NodeName);
            return;
        }

        if (node == NodeId)
            return;
        foreach (var signal in signals)
        {
            // A newer version's kinds mean nothing here.
            if (_handlers.TryGetValue(signal[0], out var handle))
                handle(node, signal[1..]);
        }
    }

    private Task Published()
    {
        lock (_lock)
            return _published.Task;
    }

    private Queue<string> Take()
    {
        lock (_lock)
        {
            var taken = _waiting;
            (_waiting, _published) = (new Queue<string>(), NewSignal());
            return taken;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
