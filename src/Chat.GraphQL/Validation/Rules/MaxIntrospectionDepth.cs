namespace Chat.GraphQL;

/// <summary>
/// Lists of introspection are not nested three deep: each level multiplies the size of the response. Not a rule of the
/// specification, but of the reference implementation.
/// </summary>
internal sealed class MaxIntrospectionDepth(ValidationContext context) : ValidationRule(context)
{
    private const int MaxListDepth = 3;

    private readonly Dictionary<string, int> checkedAt = new(StringComparer.Ordinal);

    public override void Enter(Node node)
    {
        if (node is not FieldNode { Name.Value: "__schema" or "__type" } || !IsTooDeep(node, 0, []))
            return;
        Report("Maximum introspection depth exceeded", node);
        Skip(node);
    }

    private bool IsTooDeep(Node node, int depth, Dictionary<string, int> visited)
    {
        switch (node)
        {
            case FragmentSpreadNode spread:
                return IsFragmentTooDeep(spread.Name.Value, depth, visited);
            case FieldNode { Name.Value: "fields" or "interfaces" or "possibleTypes" or "inputFields" }:
                depth++;
                break;
        }

        return depth >= MaxListDepth || (SelectionsOf(node) ?? []).Any(child => IsTooDeep(child, depth, visited));
    }

    private bool IsFragmentTooDeep(string name, int depth, Dictionary<string, int> visited)
    {
        if ((visited.TryGetValue(name, out var entered) && entered >= depth) ||
            (checkedAt.TryGetValue(name, out var passed) && passed >= depth) ||
            Context.FindFragment(name) is not { } fragment)
        {
            return false;
        }

        // The chain of fragments is as deep as the document has fragments.
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        visited[name] = depth;
        if (IsTooDeep(fragment, depth, visited))
            return true;
        checkedAt[name] = depth;
        return false;
    }

    private static SelectionNode[]? SelectionsOf(Node node) => node switch
    {
        FieldNode field => field.SelectionSet?.Selections,
        InlineFragmentNode inline => inline.SelectionSet.Selections,
        FragmentNode fragment => fragment.SelectionSet.Selections,
        _ => null,
    };
}
