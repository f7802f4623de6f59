using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL;

/// <summary>
/// One operation whose results go to an event stream: sends <c>next</c> for each result, then <c>complete</c>. The
/// protocol has no event for errors: they come as a result (graphql-sse, "Distinct connections mode").
/// </summary>
/// <param name="id">Its id on a shared stream; null where it has the stream for itself.</param>
/// <param name="state">The state of the request that it came with.</param>
/// <param name="executor">Runs it.</param>
/// <param name="logger">Hears of what breaks.</param>
[SuppressMessage(
    "Design", "CA1001", Justification = "It has no timer, and its token is read until the operation has ended.")]
internal sealed class EventStreamOperation(
    string? id, Dictionary<string, object?> state, GraphQLExecutor executor, ILogger logger)
{
    private readonly CancellationTokenSource stopping = new();
    private readonly List<CancellationTokenRegistration> registrations = [];
    private volatile bool isSessionEnded;

    public string? Id { get; } = id;

    public Dictionary<string, object?> State { get; } = state;

    /// <summary>Fires when the operation has ended or is stopped.</summary>
    public CancellationToken Ended => stopping.Token;

    /// <summary>Stops the operation; nothing more is sent for it.</summary>
    public void Stop() => _ = stopping.CancelElsewhereAsync(logger);

    /// <summary>The operation ends when the token fires, and its client is told.</summary>
    public void EndWith(CancellationToken sessionEnded) => registrations.Add(sessionEnded.Register(() =>
    {
        isSessionEnded = true;
        Stop();
    }));

    /// <summary>Executes the operation and sends what comes of it.</summary>
    /// <param name="stream">Where the results go.</param>
    /// <param name="operation">What is executed.</param>
    /// <param name="onEnding">Runs before the client hears that the operation has ended.</param>
    public async Task RunAsync(EventStream stream, PreparedOperation operation, Action onEnding)
    {
        try
        {
            var ending = await ProduceAsync(stream, operation);
            if (!stopping.IsCancellationRequested || isSessionEnded)
                await EndAsync(stream, ending is null ? [] : [ending], onEnding);
        }
        catch (OperationCanceledException)
        {
            // The client is gone: nobody waits for an answer.
        }
        finally
        {
            await LeaveAsync();
        }
    }

    /// <summary>Sends the errors that keep the operation from running.</summary>
    public async Task FailAsync(EventStream stream, IReadOnlyList<GraphQLError> errors)
    {
        await EndAsync(stream, errors, static () => { });
        await LeaveAsync();
    }

    /// <summary>Lets go of what it holds on to. It has ended, or will not start.</summary>
    public async Task LeaveAsync()
    {
        foreach (var registration in registrations)
            await registration.DisposeAsync();
        await stopping.CancelElsewhereAsync(logger);
    }

    /// <summary>Sends the results; returns the error that ends them, when there is one.</summary>
    private async Task<GraphQLError?> ProduceAsync(EventStream stream, PreparedOperation operation)
    {
        try
        {
            if (operation.Kind == OperationKind.Subscription)
                await SubscribeAsync(stream, operation);
            else
                await ExecuteAsync(stream, operation);
            return null;
        }
        catch (SubscriptionEndedException exception)
        {
            return exception.Error;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return isSessionEnded
                ? new GraphQLError("The session has ended.") { Code = ErrorCodes.SessionEnded }
                : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError(exception, "A GraphQL operation on an event stream failed.");
            return new GraphQLError("Internal error") { Code = ErrorCodes.Internal };
        }
    }

    private async Task SubscribeAsync(EventStream stream, PreparedOperation operation)
    {
        await using var source = executor.Subscribe(operation, State, stopping.Token);
        // The next event is asked for when the stream has taken the one before: that is the back-pressure.
        await foreach (var response in source.ResponsesAsync(stopping.Token))
        {
            using var json = new JsonBuffer();
            BeginNext(json);
            json.Raw(response.Span);
            await SendNextAsync(stream, json, stopping.Token);
        }
    }

    private async Task ExecuteAsync(EventStream stream, PreparedOperation operation)
    {
        using var json = new JsonBuffer();
        BeginNext(json);
        await executor.ExecuteAsync(operation, State, json, stopping.Token);
        await SendNextAsync(stream, json, stopping.Token);
    }

    private async Task EndAsync(EventStream stream, IReadOnlyList<GraphQLError> errors, Action onEnding)
    {
        if (errors.Count > 0)
        {
            using var json = new JsonBuffer();
            BeginNext(json);
            ResponseWriter.WriteErrors(json, errors);
            await SendNextAsync(stream, json, CancellationToken.None);
        }

        onEnding();
        using var complete = new JsonBuffer();
        complete.Raw("event: complete\ndata: "u8);
        if (Id is not null)
        {
            complete.Raw("{\"id\":"u8);
            complete.String(Id);
            complete.Byte((byte)'}');
        }

        complete.Raw("\n\n"u8);
        await stream.SendAsync(complete.Written, CancellationToken.None);
    }

    private void BeginNext(JsonBuffer json)
    {
        json.Raw("event: next\ndata: "u8);
        if (Id is null)
            return;
        json.Raw("{\"id\":"u8);
        json.String(Id);
        json.Raw(",\"payload\":"u8);
    }

    private Task SendNextAsync(EventStream stream, JsonBuffer json, CancellationToken ct)
    {
        if (Id is not null)
            json.Byte((byte)'}');
        json.Raw("\n\n"u8);
        return stream.SendAsync(json.Written, ct);
    }
}
