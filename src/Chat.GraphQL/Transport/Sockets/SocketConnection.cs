using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL;

/// <summary>
/// One socket of graphql-transport-ws. Messages are read one at a time; operations run beside the reading. Whoever
/// wants the socket closed says so once; <see cref="RunAsync"/> does it.
/// </summary>
internal sealed class SocketConnection(
    HttpContext http, SocketChannel channel, GraphQLExecutor executor, GraphQLOptions options,
    GraphQLInterceptor[] interceptors, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<string, object?> state = RequestState.Of(http);
    private readonly TaskCompletionSource<CloseReason> closing =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly SocketOperations operations = new(channel, executor, options, time, logger);
    private readonly List<CancellationTokenRegistration> registrations = [];

    /// <summary>Fires when the socket ends; the interceptors are given its token.</summary>
    private readonly CancellationTokenSource connecting =
        CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);

    private ITimer? initTimeout;
    private bool isInitialised;
    private bool isAcknowledged;

    /// <summary>Asks for the socket to be closed; only the first reason counts.</summary>
    public void Close(CloseReason reason) => closing.TrySetResult(reason);

    /// <summary>Serves the socket until it is closed by either side.</summary>
    public async Task RunAsync()
    {
        initTimeout = time.CreateTimer(
            static connection => ((SocketConnection)connection!).OnInitTimeout(), this, options.SocketInitTimeout,
            Timeout.InfiniteTimeSpan);
        var reading = ReadAsync();
        try
        {
            // The end of the reading is a reason too.
            var reason = await closing.Task;
            _ = connecting.CancelElsewhereAsync(logger);
            await operations.StopAsync();
            await channel.CloseOutputAsync(reason);
            await reading.WaitAsync(SocketChannel.CloseTimeout, time);
        }
        catch (Exception exception)
            when (exception is WebSocketException or OperationCanceledException or TimeoutException)
        {
            // The client is gone, or does not answer the close frame.
            channel.Abort();
            await reading;
        }
        finally
        {
            await initTimeout.DisposeAsync();
            foreach (var registration in registrations)
                await registration.DisposeAsync();
        }
    }

    private void OnInitTimeout()
    {
        if (!Volatile.Read(ref isAcknowledged))
            Close(CloseReason.InitTimeout);
    }

    /// <summary>
    /// Reads until the client closes or drops the socket; what comes after our own close is thrown away.
    /// </summary>
    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var (message, violation) = await channel.ReceiveAsync();
                if (message is null && violation is null)
                {
                    Close(CloseReason.Normal);
                    return;
                }

                using (message)
                {
                    if (violation is null && !closing.Task.IsCompleted)
                        violation = await HandleAsync(message!.Written);
                }

                if (violation is not null)
                    Close(violation);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The client is gone; ending is all there is to do.
            Close(CloseReason.Normal);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "A GraphQL socket failed.");
            Close(CloseReason.Internal);
        }
    }

    /// <summary>Handles a message; a reason to close the socket when it breaks the protocol.</summary>
    private async Task<CloseReason?> HandleAsync(ReadOnlyMemory<byte> utf8)
    {
        using var json = RequestBody.Parse(utf8, out var problem);
        if (json is null)
            return CloseReason.Invalid(problem!);
        var message = json.RootElement;
        if (message.ValueKind != JsonValueKind.Object || !TryGetString(message, "type", out var type))
            return CloseReason.Invalid("Message is missing the 'type' property");
        if (type is "connection_init" or "ping" or "pong" && !IsPayload(message))
            return CloseReason.Invalid($"\"{type}\" message expects the 'payload' property to be an object or missing");
        switch (type)
        {
            case "connection_init":
                return await InitialiseAsync(message);
            case "ping":
                await SendPongAsync(message);
                return null;
            case "pong":
                return null;
            case "subscribe":
                return await SubscribeAsync(message);
            case "complete":
                if (!TryGetString(message, "id", out var id))
                    return CloseReason.Invalid("\"complete\" message expects the 'id' property to be a string");
                operations.Stop(id);
                return null;
            default:
                return CloseReason.Invalid($"Invalid message 'type' property \"{type}\"");
        }
    }

    private async Task<CloseReason?> InitialiseAsync(JsonElement message)
    {
        if (isInitialised)
            return CloseReason.TooManyInits;
        isInitialised = true;
        var payload = message.TryGetProperty("payload", out var given) ? given.Clone() : (JsonElement?)null;
        try
        {
            foreach (var interceptor in interceptors)
            {
                // One that does not look at its token is left behind: the reader must see the socket end.
                var result = await interceptor.OnConnectAsync(http, payload, state, connecting.Token).AsTask()
                    .WaitAsync(connecting.Token);
                if (!result.Accepted)
                    return CloseReason.Forbidden;
                registrations.Add(result.Ended.Register(() => Close(CloseReason.SessionEnded)));
            }
        }
        catch (GraphQLException exception)
        {
            return CloseReason.Refused(exception);
        }
        catch (OperationCanceledException) when (closing.Task.IsCompleted)
        {
            return null;
        }

        await channel.SendAsync("{\"type\":\"connection_ack\"}"u8.ToArray(), CancellationToken.None);
        Volatile.Write(ref isAcknowledged, true);
        // A socket lives long; its timer need not.
        await initTimeout!.DisposeAsync();
        return null;
    }

    private async Task<CloseReason?> SubscribeAsync(JsonElement message)
    {
        if (!isAcknowledged)
            return CloseReason.Unauthorized;
        if (!TryGetString(message, "id", out var id) || id.Length == 0)
            return CloseReason.Invalid("\"subscribe\" message expects the 'id' property to be a non-empty string");
        if (id.Length > options.MaxOperationIdChars)
            return CloseReason.Invalid($"Ids of operations have at most {options.MaxOperationIdChars} characters");
        if (!message.TryGetProperty("payload", out var payload))
            return CloseReason.Invalid("\"subscribe\" message expects the 'payload' property to be an object");
        if (GraphQLRequest.Read(payload, out var problem) is not { } request)
            return CloseReason.Invalid(problem!);
        return await operations.StartAsync(id, request, state) ? null : CloseReason.Duplicate(id);
    }

    private async Task SendPongAsync(JsonElement message)
    {
        using var pong = new JsonBuffer();
        pong.Raw("{\"type\":\"pong\""u8);
        if (message.TryGetProperty("payload", out var payload))
        {
            pong.Raw(",\"payload\":"u8);
            pong.Raw(JsonSerializer.SerializeToUtf8Bytes(payload));
        }

        pong.Byte((byte)'}');
        await channel.SendAsync(pong.Written, CancellationToken.None);
    }

    private static bool IsPayload(JsonElement message) =>
        !message.TryGetProperty("payload", out var payload) ||
        payload.ValueKind is JsonValueKind.Object or JsonValueKind.Null;

    private static bool TryGetString(JsonElement message, string name, out string value)
    {
        var isString = message.TryGetProperty(name, out var property) && property.ValueKind == JsonValueKind.String;
        value = isString ? property.GetString()! : "";
        return isString;
    }
}
