namespace Chat.GraphQL;

/// <summary>A resolver that is called for those rows only that the user of the request may see.</summary>
internal sealed class AuthorizedResolver(IReadOnlyList<Authorization> authorizations, FieldResolver resolver)
    : FieldResolver
{
    /// <summary>
    /// Puts itself before the resolvers of all fields that ask for it. Subscriptions are decided when they begin.
    /// </summary>
    public static void Protect(IEnumerable<NamedType> types)
    {
        foreach (var field in types.OfType<ObjectType>().SelectMany(type => type.Fields))
        {
            if (field is { Authorizations.Count: > 0, SourceStream: null })
                field.Resolver = new AuthorizedResolver(field.Authorizations, field.Resolver!);
        }
    }

    public override Column Resolve(OperationRun run, Frame frame, FieldPlan plan)
    {
        var deciding = DecideAsync(run.Authorizer, frame.Parents);
        var column = new AuthorizedColumn(frame, plan, resolver);
        if (!deciding.IsCompletedSuccessfully)
            run.WaitFor(new PendingAuthorization(run, column, deciding));
        else if (deciding.GetAwaiter().GetResult() is { } refusals)
            column.Open(run, refusals);
        else
            return resolver.Resolve(run, frame, plan);
        return column;
    }

    /// <summary>The refusals by row; null when there is none.</summary>
    private async Task<GraphQLException?[]?> DecideAsync(Authorizer authorizer, object?[] parents)
    {
        GraphQLException?[]? refusals = null;
        foreach (var authorization in authorizations)
        {
            if (!authorization.PerParent)
            {
                if (await authorizer.DecideAsync(authorization) is { } refusal)
                    return [.. Enumerable.Repeat(refusal, parents.Length)];
                continue;
            }

            for (var row = 0; row < parents.Length; row++)
            {
                if (refusals?[row] is not null ||
                    await authorizer.DecideAsync(authorization, parents[row]) is not { } refusal)
                {
                    continue;
                }

                refusals ??= new GraphQLException?[parents.Length];
                refusals[row] = refusal;
            }
        }

        return refusals;
    }

    private sealed class PendingAuthorization(
        OperationRun run, AuthorizedColumn column, Task<GraphQLException?[]?> deciding) : PendingColumn
    {
        public override Task Ended => deciding;

        public override void Arrive()
        {
            try
            {
                column.Open(run, deciding.GetAwaiter().GetResult());
            }
            catch (Exception exception)
            {
                column.Fail(run, exception);
            }
        }
    }
}
