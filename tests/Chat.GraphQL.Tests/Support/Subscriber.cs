using System.Text;
using System.Text.Json;

namespace Chat.GraphQL.Tests;

/// <summary>A subscriber without a transport.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancel.Test);
    private readonly SubscriptionSource source;
    private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> responses;
    private Task<bool>? begun;
    private bool isDisposed;

    public Subscriber(
        InProcess server, string query, object? variables = null, IReadOnlyDictionary<string, object?>? state = null)
    {
        var request = new GraphQLRequest(query, null, JsonSerializer.SerializeToElement(variables));
        var operation = server.Executor.Prepare(request, out var errors);
        operation.ShouldNotBeNull(string.Join("; ", errors.Select(error => error.Message)));
        source = server.Executor.Subscribe(operation, state ?? server.State, stopping.Token);
        responses = source.ResponsesAsync(stopping.Token).GetAsyncEnumerator(stopping.Token);
    }

    /// <summary>Opens the source and waits for its first event: that is the next response.</summary>
    public void Begin() => begun = responses.MoveNextAsync().AsTask();

    /// <summary>The next response; null at the end of the source.</summary>
    public async Task<string?> NextAsync() =>
        await MoveNextAsync() ? Encoding.UTF8.GetString(responses.Current.Span) : null;

    /// <summary>The next response as it lies in memory.</summary>
    public async Task<ReadOnlyMemory<byte>> NextBytesAsync()
    {
        (await MoveNextAsync()).ShouldBeTrue();
        return responses.Current;
    }

    private Task<bool> MoveNextAsync()
    {
        var next = begun ?? responses.MoveNextAsync().AsTask();
        begun = null;
        return next;
    }

    /// <summary>Cancels whatever the subscriber waits for.</summary>
    public void Stop() => stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        await stopping.CancelAsync();
        if (begun is { } task)
            await task.ContinueWith(static _ => { }, TaskScheduler.Default);
        await responses.DisposeAsync();
        await source.DisposeAsync();
        stopping.Dispose();
    }
}
