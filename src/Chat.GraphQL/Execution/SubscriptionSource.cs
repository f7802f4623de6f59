using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL;

/// <summary>
/// The source stream of one subscription (specification 6.2.3.1), and the responses to its events. The source is asked
/// for its next event only when the consumer asks for a response: what a slow consumer has not taken yet stays with the
/// source.
/// </summary>
internal sealed class SubscriptionSource(
    GraphQLExecutor executor, PreparedOperation operation, OperationContext context, AsyncServiceScope scope)
    : IAsyncDisposable
{
    /// <summary>
    /// Events of a page that are executed in one run; more of them become several. Fewer where they would together cost
    /// more than one operation may: <see cref="PreparedOperation.PageRows"/>.
    /// </summary>
    public const int MaxRows = 250;

    /// <summary>Runs of a page that are executed while the responses of the one before are taken.</summary>
    public const int MaxRunsAhead = 2;

    private readonly FieldPlan field = operation.Plan.Root.Fields[0];
    private readonly SourceStream source = operation.Plan.Root.Fields[0].Field.SourceStream!;
    private GroupMember? member;

    /// <summary>
    /// The responses to the events, each good until the next is asked for. A failure of the source, and an event whose
    /// error ends the subscription, end them with a <see cref="SubscriptionEndedException"/>.
    /// </summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ResponsesAsync(
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        IAsyncEnumerator<object?>? events = null;
        try
        {
            while (true)
            {
                object? current;
                try
                {
                    events ??= await OpenAsync(ct);
                    if (!await events.MoveNextAsync())
                        yield break;
                    current = events.Current;
                }
                catch (Exception exception) when (!context.Cancellation.IsCancellationRequested)
                {
                    throw new SubscriptionEndedException(
                        context.ToError(exception, field.LocationsOf(exception), [field.ResponseName]), exception);
                }

                if (current is EventPage page && source.IsPaged)
                {
                    if (page.Count != 1)
                    {
                        await foreach (var response in ResponsesAsync(page, ct))
                            yield return response;
                        continue;
                    }

                    current = page[0];
                }

                if (member is { IsAlone: false } && IdentityOf(events, current) is { } identity)
                {
                    var response = await member.ResponseAsync(identity, current, ct);
                    ThrowIf(response.Ending);
                    yield return response.Json;
                }
                else
                {
                    using var json = new JsonBuffer();
                    ThrowIf(await ExecuteAsync(current, json, ct));
                    yield return json.Written;
                }
            }
        }
        finally
        {
            member?.Dispose();
            if (events is not null)
                await events.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => scope.DisposeAsync();

    /// <summary>
    /// The responses to the events of a page, which are executed together: a few runs ahead of the one whose responses
    /// are taken, and no more. One response after the other is written when it is asked for.
    /// </summary>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ResponsesAsync(
        EventPage page, [EnumeratorCancellation] CancellationToken ct)
    {
        using var json = new JsonBuffer();
        var runs = new Queue<(object?[] Events, Task<OperationRun?> Run)>();
        var started = 0;
        while (true)
        {
            for (; runs.Count <= MaxRunsAhead && started < page.Count; started += operation.PageRows)
                runs.Enqueue(Start(page, started, ct));
            if (!runs.TryDequeue(out var current))
                yield break;
            var run = await current.Run;
            for (var row = 0; row < current.Events.Length; row++)
            {
                ct.ThrowIfCancellationRequested();
                json.Truncate(0);
                if (run is null)
                {
                    ThrowIf(await ExecuteAsync(current.Events[row], json, ct));
                }
                else
                {
                    run.TryWrite(row, json);
                    ThrowIf(run.ErrorsOf(row)?.Ending);
                }

                yield return json.Written;
            }
        }
    }

    /// <summary>Starts to execute the events of a page from an index on.</summary>
    private (object?[] Events, Task<OperationRun?> Run) Start(EventPage page, int first, CancellationToken ct)
    {
        var events = new object?[Math.Min(operation.PageRows, page.Count - first)];
        for (var i = 0; i < events.Length; i++)
            events[i] = page[first + i];
        var run = WithoutContext(() => executor.ExecuteEventsAsync(operation, events, context.State, ct));
        return (events, run);
    }

    private static void ThrowIf(GraphQLError? ending)
    {
        if (ending is not null)
            throw new SubscriptionEndedException(ending, ending.Exception);
    }

    /// <summary>Executes an event for this subscriber.</summary>
    private Task<GraphQLError?> ExecuteAsync(object? current, JsonBuffer json, CancellationToken ct) =>
        WithoutContext(() => executor.ExecuteEventAsync(operation, current, context.State, json, ct));

    /// <summary>
    /// Executes something for this subscriber. A member of a group sees no more of its request when it is alone than
    /// among others: the answer must not depend on how many subscribe.
    /// </summary>
    private Task<T> WithoutContext<T>(Func<Task<T>> execute)
    {
        if (member is null)
            return execute();
        Task<T>? executing = null;
        NoContext.Run(() => executing = execute());
        return executing!;
    }

    private async Task<IAsyncEnumerator<object?>> OpenAsync(CancellationToken ct)
    {
        var run = new OperationRun(context, operation.Plan, operation.Variables);
        await SourceStream.AuthorizeAsync(run, field);
        var visibility = source.VisibilityOf(run, field);
        var opened = await source.OpenAsync(run, field);
        var use = operation.Plan.EventDependencies.Viewer;
        if (use != ViewerUse.PerRun && (source.IsShared || opened is IPublications))
        {
            var group = executor.Groups.Join(executor, operation, visibility);
            member = new GroupMember(executor.Groups, group, use, context.State);
        }

        return opened.GetAsyncEnumerator(ct);
    }

    /// <summary>What other subscribers know the event by; null when it is this one's alone.</summary>
    private object? IdentityOf(IAsyncEnumerator<object?> events, object? current) =>
        events is IPublications publications ? publications.Current
        : source.IsShared ? current
        : null;
}

/// <summary>The end of a subscription by an error, which is to be sent.</summary>
internal sealed class SubscriptionEndedException(GraphQLError error, Exception? inner)
    : Exception(error.Message, inner)
{
    public GraphQLError Error { get; } = error;
}
