using System.Collections.Concurrent;

namespace Chat.GraphQL;

/// <summary>The plans of one operation, one for each combination of the variables in its @skip and @include.</summary>
internal sealed class OperationPlans
{
    /// <summary>Plans kept for one operation; with more combinations in use, the rest is planned each time.</summary>
    public const int MaxPlans = 64;

    /// <summary>Variables whose combinations are told apart by the bits of a number.</summary>
    private const int MaxConditions = 62;

    private readonly Schema schema;
    private readonly ExecutableDocument document;
    private readonly OperationNode operation;
    private readonly string[] conditions;
    private readonly ConcurrentDictionary<long, OperationPlan> plans = new();

    public OperationPlans(Schema schema, ExecutableDocument document, OperationNode operation)
    {
        this.schema = schema;
        this.document = document;
        this.operation = operation;
        var names = new HashSet<string>(StringComparer.Ordinal);
        FindConditions(operation, names, []);
        conditions = [.. names];
    }

    /// <summary>The plan that fits the request's variables.</summary>
    /// <exception cref="GraphQLException">A variable that decides on the root's fields is null.</exception>
    public OperationPlan For(VariableValues variables)
    {
        var key = 0L;
        var isKept = conditions.Length <= MaxConditions;
        for (var i = 0; i < conditions.Length; i++)
        {
            if (IsTrue(conditions[i], variables) is not { } isTrue)
                isKept = false;
            else if (isTrue)
                key |= 1L << i;
        }

        if (isKept && plans.TryGetValue(key, out var plan))
            return plan;
        var values = conditions.ToDictionary(name => name, name => IsTrue(name, variables), StringComparer.Ordinal);
        plan = new OperationPlan(schema, document, operation, values);
        if (isKept && plans.Count < MaxPlans)
            plans.TryAdd(key, plan);
        return plan;
    }

    /// <summary>Null for a variable that was given as null, in spite of its default.</summary>
    private static bool? IsTrue(string name, VariableValues variables) =>
        variables.TryGet(name, out var value) ? value as bool? : null;

    private void FindConditions(Node node, HashSet<string> names, HashSet<string> visited)
    {
        foreach (var child in node.Children)
        {
            if (child is DirectiveNode { Name.Value: "skip" or "include" } directive)
            {
                if (directive.Arguments.Length > 0 && directive.Arguments[0].Value is VariableNode variable)
                    names.Add(variable.Name.Value);
            }
            else
            {
                if (child is FragmentSpreadNode spread && visited.Add(spread.Name.Value) &&
                    document.Fragments.TryGetValue(spread.Name.Value, out var fragment))
                {
                    FindConditions(fragment, names, visited);
                }

                FindConditions(child, names, visited);
            }
        }
    }
}
