namespace Chat.GraphQL;

/// <summary>
/// Checks the server's limits on operations that are valid. Fragments are looked into at each place they are spread,
/// which is counted: a document with many operations that share fragments cannot make it long.
/// </summary>
internal sealed class OperationLimits
{
    private readonly ValidationContext context;
    private readonly OperationLimit[] limits;

    private OperationLimits(ValidationContext context, OperationNode operation)
    {
        this.context = context;
        limits =
        [
            new MaxFields(context, operation),
            new MaxAliases(context),
            new NoIntrospection(context),
            new MaxDepth(context),
        ];
    }

    public static void Check(ValidationContext context)
    {
        MaxDirectives.Check(context);
        foreach (var operation in context.Document.Definitions.OfType<OperationNode>())
            new OperationLimits(context, operation).Visit([operation.SelectionSet], depth: 1);
    }

    /// <summary>Whether the walk may go on.</summary>
    private bool IsWithin => !Array.Exists(limits, limit => limit.IsOver);

    /// <summary>Visits selection sets that the response merges into one object.</summary>
    private void Visit(IEnumerable<SelectionSetNode> selectionSets, int? depth)
    {
        var fields = new List<FieldNode>();
        var visited = new HashSet<FragmentNode>();
        foreach (var selectionSet in selectionSets)
            Collect(selectionSet, fields, visited);
        foreach (var limit in limits)
            limit.EnterFields(fields);
        foreach (var group in fields.GroupBy(field => field.ResponseName, StringComparer.Ordinal))
            Visit(group, depth);
    }

    /// <summary>Visits the selections of one response name.</summary>
    private void Visit(IGrouping<string, FieldNode> group, int? depth)
    {
        foreach (var field in group)
        {
            if (!IsWithin)
                return;
            foreach (var limit in limits)
                limit.EnterField(field, depth);
        }

        var merged = group.Select(field => field.SelectionSet).OfType<SelectionSetNode>().ToList();
        if (merged.Count > 0 && IsWithin)
            Visit(merged, Introspection.IsMetaField(group.First().Name.Value) ? null : depth + 1);
    }

    private void Collect(SelectionSetNode selectionSet, List<FieldNode> fields, HashSet<FragmentNode> visited)
    {
        context.Spend(selectionSet.Selections.Length);
        foreach (var selection in selectionSet.Selections)
        {
            switch (selection)
            {
                case FieldNode field:
                    fields.Add(field);
                    break;
                case InlineFragmentNode inline:
                    Collect(inline.SelectionSet, fields, visited);
                    break;
                case FragmentSpreadNode spread when context.FindFragment(spread.Name.Value) is { } fragment:
                    if (visited.Add(fragment))
                        Collect(fragment.SelectionSet, fields, visited);
                    break;
            }
        }
    }
}
