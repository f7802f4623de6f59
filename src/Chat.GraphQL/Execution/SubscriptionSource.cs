using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL;

/// <summary>
/// The source stream of one subscription (specification 6.2.3.1). The source is asked for its next event only when the
/// consumer asks for it: what a slow consumer has not taken yet stays with the source.
/// </summary>
internal sealed class SubscriptionSource(
    PreparedOperation operation, OperationContext context, AsyncServiceScope scope) : IAsyncDisposable
{
    /// <summary>The events; a failure of the source ends them with a <see cref="SourceStreamException"/>.</summary>
    public async IAsyncEnumerable<object?> EventsAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        var plan = operation.Plan.Root.Fields[0];
        IAsyncEnumerator<object?>? events = null;
        try
        {
            while (true)
            {
                object? current;
                try
                {
                    events ??= await OpenAsync(plan, ct);
                    if (!await events.MoveNextAsync())
                        yield break;
                    current = events.Current;
                }
                catch (Exception exception) when (!context.Cancellation.IsCancellationRequested)
                {
                    throw new SourceStreamException(
                        context.ToError(exception, plan.LocationsOf(exception), [plan.ResponseName]), exception);
                }

                yield return current;
            }
        }
        finally
        {
            if (events is not null)
                await events.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => scope.DisposeAsync();

    private async Task<IAsyncEnumerator<object?>> OpenAsync(FieldPlan plan, CancellationToken ct)
    {
        var run = new OperationRun(context, operation.Plan, operation.Variables);
        var source = await plan.Field.SourceStream!.OpenAsync(run, plan);
        return source.GetAsyncEnumerator(ct);
    }
}

/// <summary>A source stream that failed, with the error to send.</summary>
internal sealed class SourceStreamException(GraphQLError error, Exception inner) : Exception(error.Message, inner)
{
    public GraphQLError Error { get; } = error;
}
