using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL;

/// <summary>
/// One operation on a socket: sends <c>next</c> for each result, then <c>complete</c> or <c>error</c>.
/// </summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "It has no timer, and its token is read until the operation has ended.")]
internal sealed class SocketOperation(string id, SocketChannel channel, GraphQLExecutor executor, ILogger logger)
{
    private static readonly byte[] Tail = "}"u8.ToArray();

    private readonly CancellationTokenSource stopping = new();

    public string Id { get; } = id;

    /// <summary>Known once the operation is prepared.</summary>
    public OperationKind? Kind { get; set; }

    /// <summary>Ends with the operation.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    /// <summary>Stops the operation; nothing more is sent for it.</summary>
    public void Stop() => _ = stopping.CancelElsewhereAsync(logger);

    /// <summary>Executes the operation and sends what comes of it.</summary>
    /// <param name="operation">What is executed.</param>
    /// <param name="state">The state of its connection.</param>
    /// <param name="onEnding">
    /// Runs when the last message is about to be sent. Until then <see cref="Stop"/> must reach the operation, or that
    /// message could end another one that was given the same id.
    /// </param>
    public async Task RunAsync(
        PreparedOperation operation, IReadOnlyDictionary<string, object?> state, Action onEnding)
    {
        try
        {
            await (operation.Kind == OperationKind.Subscription
                ? SubscribeAsync(operation, state)
                : ExecuteAsync(operation, state));
            await SendCompleteAsync(onEnding);
        }
        catch (SubscriptionEndedException exception)
        {
            await TrySendErrorsAsync([exception.Error], onEnding);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // Stopped by the client, or the client is gone: nobody waits for an answer.
            if (!stopping.IsCancellationRequested)
                channel.Abort();
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "A GraphQL operation on a socket failed.");
            await TrySendErrorsAsync([new GraphQLError("Internal error") { Code = ErrorCodes.Internal }], onEnding);
        }
    }

    /// <summary>Sends the errors that end the operation.</summary>
    /// <param name="errors">At least one.</param>
    /// <param name="onEnding">Runs before the client can hear of it.</param>
    public async Task SendErrorsAsync(IReadOnlyList<GraphQLError> errors, Action onEnding)
    {
        using var json = new JsonBuffer();
        ResponseWriter.WriteErrorList(json, errors);
        await channel.SendAsync(Head("error"), json.Written, Tail, onEnding, stopping.Token);
    }

    private async Task ExecuteAsync(PreparedOperation operation, IReadOnlyDictionary<string, object?> state)
    {
        using var json = new JsonBuffer();
        await executor.ExecuteAsync(operation, state, json, stopping.Token);
        await channel.SendAsync(Head("next"), json.Written, Tail, null, stopping.Token);
    }

    /// <summary>Sends the responses to the events until the source ends.</summary>
    private async Task SubscribeAsync(PreparedOperation operation, IReadOnlyDictionary<string, object?> state)
    {
        var head = Head("next");
        await using var source = executor.Subscribe(operation, state, stopping.Token);
        // The next event is asked for when the socket has taken the one before: that is the back-pressure.
        await foreach (var response in source.ResponsesAsync(stopping.Token))
            await channel.SendAsync(head, response, Tail, null, stopping.Token);
    }

    private async Task TrySendErrorsAsync(IReadOnlyList<GraphQLError> errors, Action onEnding)
    {
        try
        {
            await SendErrorsAsync(errors, onEnding);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            if (!stopping.IsCancellationRequested)
                channel.Abort();
        }
    }

    private async Task SendCompleteAsync(Action onEnding)
    {
        using var json = new JsonBuffer();
        Begin(json, "complete");
        json.Byte((byte)'}');
        await channel.SendAsync(json.Written, default, default, onEnding, stopping.Token);
    }

    /// <summary>What a message of the type has before its payload.</summary>
    private byte[] Head(string type)
    {
        using var json = new JsonBuffer();
        Begin(json, type);
        json.Raw(",\"payload\":"u8);
        return json.Written.ToArray();
    }

    private void Begin(JsonBuffer json, string type)
    {
        json.Raw("{\"id\":"u8);
        json.String(Id);
        json.Raw(",\"type\":"u8);
        json.String(type);
    }
}
