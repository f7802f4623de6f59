namespace Chat.GraphQL;

/// <summary>Specification 5.2.4.1: a subscription selects one field, and no directive may take it away.</summary>
internal sealed class SingleFieldSubscriptions(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is not OperationNode { Kind: OperationKind.Subscription } operation ||
            Context.Schema.SubscriptionType is not { } root)
        {
            return;
        }

        var groups = new OrderedDictionary<string, List<FieldNode>>(StringComparer.Ordinal);
        var forbidden = new List<DirectiveNode>();
        Collect(root, operation.SelectionSet, groups, forbidden, []);
        var name = operation.Name is null
            ? "Anonymous Subscription"
            : $"Subscription \"{Shorten(operation.Name.Value)}\"";
        if (forbidden.Count > 0)
        {
            Report($"{name} must not use `@skip` or `@include` directives in the top level selection.", forbidden);
            return;
        }

        if (groups.Count == 0)
            Report($"{name} must select one top level field.", operation.SelectionSet);
        else if (groups.Count > 1)
            Report($"{name} must select only one top level field.", groups.Values.Skip(1).SelectMany(group => group));
        foreach (var group in groups.Values.Where(
            group => group[0].Name.Value.StartsWith("__", StringComparison.Ordinal)))
        {
            Report($"{name} must not select an introspection top level field.", group);
        }
    }

    private void Collect(
        ObjectType root, SelectionSetNode selectionSet, OrderedDictionary<string, List<FieldNode>> groups,
        List<DirectiveNode> forbidden, HashSet<string> visited)
    {
        Context.Spend(selectionSet.Selections.Length);
        foreach (var selection in selectionSet.Selections)
        {
            if (Condition(selection) is { } condition)
            {
                forbidden.Add(condition);
                continue;
            }

            switch (selection)
            {
                case FieldNode field when groups.TryGetValue(field.ResponseName, out var group):
                    group.Add(field);
                    break;
                case FieldNode field:
                    groups.Add(field.ResponseName, [field]);
                    break;
                case InlineFragmentNode inline when Applies(root, inline.TypeCondition):
                    Collect(root, inline.SelectionSet, groups, forbidden, visited);
                    break;
                case FragmentSpreadNode spread when Context.FindFragment(spread.Name.Value) is { } fragment &&
                    Applies(root, fragment.TypeCondition) && visited.Add(spread.Name.Value):
                    Collect(root, fragment.SelectionSet, groups, forbidden, visited);
                    break;
            }
        }
    }

    private static DirectiveNode? Condition(SelectionNode selection) =>
        Array.Find(selection.Directives, directive => directive.Name.Value == DirectiveType.Skip.Name) ??
        Array.Find(selection.Directives, directive => directive.Name.Value == DirectiveType.Include.Name);

    private bool Applies(ObjectType root, NamedTypeNode? condition) =>
        condition is null ||
        (Context.Schema.FindType(condition.Name.Value) is CompositeType type && Schema.IsPossible(type, root));
}
