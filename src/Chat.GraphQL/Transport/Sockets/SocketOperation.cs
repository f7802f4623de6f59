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
    private readonly CancellationTokenSource stopping = new();

    public string Id { get; } = id;

    /// <summary>Stops the operation; nothing more is sent for it.</summary>
    public void Stop() => stopping.Cancel();

    public async Task RunAsync(
        PreparedOperation operation, IReadOnlyDictionary<string, object?> state, Action onEnding)
    {
        try
        {
            var ending = operation.Kind == OperationKind.Subscription
                ? await SubscribeAsync(operation, state)
                : await SendNextAsync(json => ExecuteAsync(operation, state, json));
            onEnding();
            if (ending is null)
                await SendAsync("complete", static _ => { });
            else
                await SendErrorsAsync([ending]);
        }
        catch (SourceStreamException exception)
        {
            onEnding();
            await TrySendErrorsAsync([exception.Error]);
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
            onEnding();
            await TrySendErrorsAsync([new GraphQLError("Internal error") { Code = ErrorCodes.Internal }]);
        }
    }

    public Task SendErrorsAsync(IReadOnlyList<GraphQLError> errors) => SendAsync("error", json =>
    {
        json.Raw(",\"payload\":"u8);
        ResponseWriter.WriteErrorList(json, errors);
    });

    private async Task<GraphQLError?> ExecuteAsync(
        PreparedOperation operation, IReadOnlyDictionary<string, object?> state, JsonBuffer json)
    {
        await executor.ExecuteAsync(operation, state, json, stopping.Token);
        return null;
    }

    /// <summary>Sends the events until the source ends, or an error ends it: that is returned, to be sent.</summary>
    private async Task<GraphQLError?> SubscribeAsync(
        PreparedOperation operation, IReadOnlyDictionary<string, object?> state)
    {
        await using var source = executor.Subscribe(operation, state, stopping.Token);
        // The next event is asked for when the socket has taken the one before: that is the back-pressure.
        await foreach (var current in source.EventsAsync(stopping.Token))
        {
            var ending = await SendNextAsync(
                json => executor.ExecuteEventAsync(operation, current, state, json, stopping.Token));
            if (ending is not null)
                return ending;
        }

        return null;
    }

    /// <summary>Sends a payload, unless writing it returns an error to send instead.</summary>
    private async Task<GraphQLError?> SendNextAsync(Func<JsonBuffer, Task<GraphQLError?>> writePayload)
    {
        using var json = new JsonBuffer();
        Begin(json, "next");
        json.Raw(",\"payload\":"u8);
        if (await writePayload(json) is { } ending)
            return ending;
        json.Byte((byte)'}');
        await channel.SendAsync(json.Written, stopping.Token);
        return null;
    }

    private async Task TrySendErrorsAsync(IReadOnlyList<GraphQLError> errors)
    {
        try
        {
            await SendErrorsAsync(errors);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            if (!stopping.IsCancellationRequested)
                channel.Abort();
        }
    }

    private async Task SendAsync(string type, Action<JsonBuffer> writePayload)
    {
        using var json = new JsonBuffer();
        Begin(json, type);
        writePayload(json);
        json.Byte((byte)'}');
        await channel.SendAsync(json.Written, stopping.Token);
    }

    private void Begin(JsonBuffer json, string type)
    {
        json.Raw("{\"id\":"u8);
        json.String(Id);
        json.Raw(",\"type\":"u8);
        json.String(type);
    }
}
