using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL;

/// <summary>The operations of one socket by their ids.</summary>
internal sealed class SocketOperations(
    SocketChannel channel, GraphQLExecutor executor, GraphQLOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Time for operations that were stopped to end before a new one is refused.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, SocketOperation> byId = new(StringComparer.Ordinal);
    private readonly HashSet<SocketOperation> running = [];
    private bool isStopped;

    /// <summary>Operations at work, those that were stopped and have not ended yet included.</summary>
    private int MaxRunning => 2 * options.MaxOperationsPerSocket;

    /// <summary>
    /// Starts an operation, or sends the errors that keep it from starting; false when the id is in use.
    /// </summary>
    public async Task<bool> StartAsync(string id, GraphQLRequest request, IReadOnlyDictionary<string, object?> state)
    {
        // All operations would otherwise have the trace id of the upgrade, which finds none of them in the log.
        Activity.Current = null;
        var operation = new SocketOperation(id, channel, executor, logger);
        await WaitForStoppedAsync();
        lock (gate)
        {
            if (isStopped)
                return true;
            if (!byId.TryAdd(id, operation))
                return false;
        }

        var (prepared, errors) = await executor.PrepareAsync(request, CancellationToken.None);
        if (prepared is not null && RefusalOf(operation, prepared.Kind) is { } refusal)
            errors = [refusal];
        if (errors.Count > 0)
        {
            await operation.SendErrorsAsync(errors, () => Remove(operation));
            return true;
        }

        lock (gate)
        {
            running.Add(operation);
            operation.Ended = RunAsync(operation, prepared!, state);
        }

        return true;
    }

    /// <summary>Stops an operation at the client's wish; its id is free at once.</summary>
    public void Stop(string id)
    {
        SocketOperation? operation;
        lock (gate)
            byId.Remove(id, out operation);
        operation?.Stop();
    }

    /// <summary>Stops all operations and waits a moment for them to end.</summary>
    public async Task StopAsync()
    {
        SocketOperation[] stopped;
        Task[] ending;
        lock (gate)
        {
            isStopped = true;
            stopped = [.. byId.Values];
            ending = [.. running.Select(operation => operation.Ended)];
            byId.Clear();
        }

        foreach (var operation in stopped)
            operation.Stop();
        await Task.WhenAll(ending).WaitAsync(SocketChannel.CloseTimeout, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The limit that the operation, which is among the others already, goes beyond.</summary>
    private GraphQLError? RefusalOf(SocketOperation operation, OperationKind kind)
    {
        lock (gate)
        {
            operation.Kind = kind;
            var isSubscription = kind == OperationKind.Subscription;
            if (isSubscription && byId.Values.Count(IsSubscription) > options.MaxSubscriptionsPerSocket)
                return TooMany(options.MaxSubscriptionsPerSocket, "subscriptions", ErrorCodes.TooManySubscriptions);
            return byId.Count > options.MaxOperationsPerSocket || running.Count >= MaxRunning
                ? TooMany(options.MaxOperationsPerSocket, "operations", ErrorCodes.TooManyOperations)
                : null;
        }
    }

    private static bool IsSubscription(SocketOperation operation) => operation.Kind == OperationKind.Subscription;

    private static GraphQLError TooMany(int max, string what, string code) => new(string.Create(
        CultureInfo.InvariantCulture, $"At most {max} {what} may run on a connection at the same time."))
    {
        Code = code,
    };

    /// <summary>
    /// Operations that were stopped need a moment to end. A client that starts and stops faster than that is read more
    /// slowly; they must not add up without limit.
    /// </summary>
    private async Task WaitForStoppedAsync()
    {
        Task[] ending;
        lock (gate)
            ending = running.Count < MaxRunning ? [] : [.. running.Select(operation => operation.Ended)];
        if (ending.Length == 0)
            return;
        Task ended = Task.WhenAny(ending);
        await ended.WaitAsync(StopTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(
        SocketOperation operation, PreparedOperation prepared, IReadOnlyDictionary<string, object?> state)
    {
        // A source that is never empty and a client that is fast would otherwise keep the reader from its messages.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await operation.RunAsync(prepared, state, () => Remove(operation));
        }
        finally
        {
            Remove(operation);
            lock (gate)
                running.Remove(operation);
        }
    }

    private void Remove(SocketOperation operation)
    {
        lock (gate)
        {
            if (byId.TryGetValue(operation.Id, out var current) && current == operation)
                byId.Remove(operation.Id);
        }
    }
}
