namespace Chat.GraphQL;

/// <summary>Makes the source stream of a subscription field (specification 6.2.3.1).</summary>
internal sealed class SourceStream(
    Func<object?, object?[], ValueTask<IAsyncEnumerable<object?>>> open, ParameterBinding[] bindings)
{
    public ValueTask<IAsyncEnumerable<object?>> OpenAsync(OperationRun run, FieldPlan plan) =>
        open(null, ParameterBinding.Bind(bindings, run, plan));
}
