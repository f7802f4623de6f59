namespace Chat.GraphQL;

/// <summary>Makes the source stream of a subscription field (specification 6.2.3.1).</summary>
internal sealed class SourceStream(
    Func<object?, object?[], ValueTask<IAsyncEnumerable<object?>>> open, ParameterBinding[] bindings)
{
    /// <summary>See <see cref="SubscribeAttribute.IsShared"/>.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether what it yields are pages of events, see <see cref="EventPage{TEvent}"/>.</summary>
    public bool IsPaged { get; init; }

    /// <summary>See <see cref="SubscribeAttribute.VisibilityKey"/>.</summary>
    public VisibilityKey? Visibility { get; init; }

    /// <summary>Asks whether the user of the request may subscribe.</summary>
    /// <exception cref="GraphQLException">That is not so.</exception>
    public static async ValueTask AuthorizeAsync(OperationRun run, FieldPlan plan)
    {
        foreach (var authorization in plan.Field.Authorizations)
        {
            if (await run.Authorizer.DecideAsync(authorization) is { } refusal)
                throw refusal;
        }
    }

    /// <summary>Opens the stream. Whoever gets it has to read it: that alone ends it.</summary>
    public ValueTask<IAsyncEnumerable<object?>> OpenAsync(OperationRun run, FieldPlan plan) =>
        open(null, ParameterBinding.Bind(bindings, run, plan));

    public object? VisibilityOf(OperationRun run, FieldPlan plan) => Visibility?.Of(run, plan);
}

/// <summary>Tells which subscribers of a source see the same.</summary>
internal sealed class VisibilityKey(Func<object?, object?[], object?> compute, ParameterBinding[] bindings)
{
    public object? Of(OperationRun run, FieldPlan plan) => compute(null, ParameterBinding.Bind(bindings, run, plan));
}
