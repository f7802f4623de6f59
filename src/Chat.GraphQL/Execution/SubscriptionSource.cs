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
    private readonly FieldPlan field = operation.Plan.Root.Fields[0];
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

    private static void ThrowIf(GraphQLError? ending)
    {
        if (ending is not null)
            throw new SubscriptionEndedException(ending, ending.Exception);
    }

    /// <summary>
    /// Executes an event for this subscriber. A member of a group sees no more of its request when it is alone than
    /// among others: the answer must not depend on how many subscribe.
    /// </summary>
    private Task<GraphQLError?> ExecuteAsync(object? current, JsonBuffer json, CancellationToken ct)
    {
        if (member is null)
            return executor.ExecuteEventAsync(operation, current, context.State, json, ct);
        Task<GraphQLError?>? executing = null;
        NoContext.Run(() => executing = executor.ExecuteEventAsync(operation, current, context.State, json, ct));
        return executing!;
    }

    private async Task<IAsyncEnumerator<object?>> OpenAsync(CancellationToken ct)
    {
        var run = new OperationRun(context, operation.Plan, operation.Variables);
        var source = field.Field.SourceStream!;
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
        : field.Field.SourceStream!.IsShared ? current
        : null;
}

/// <summary>The end of a subscription by an error, which is to be sent.</summary>
internal sealed class SubscriptionEndedException(GraphQLError error, Exception? inner)
    : Exception(error.Message, inner)
{
    public GraphQLError Error { get; } = error;
}
