namespace Chat.GraphQL;

/// <summary>
/// The server's limits on operations that are valid. Fragments are looked into at each place they are spread; the limit
/// on fields ends that early.
/// </summary>
internal sealed class OperationLimits
{
    /// <summary>A depth from which no document gets to the limit: introspection has a rule of its own.</summary>
    private const int Uncounted = int.MinValue / 2;

    private readonly ValidationContext context;
    private readonly OperationNode operation;
    private readonly GraphQLOptions options;
    private int fields;
    private bool isOver;

    private OperationLimits(ValidationContext context, OperationNode operation)
    {
        this.context = context;
        this.operation = operation;
        options = context.Options;
    }

    public static void Check(ValidationContext context)
    {
        CheckDirectives(context, context.Document);
        foreach (var definition in context.Document.Definitions.OfType<OperationNode>())
            new OperationLimits(context, definition).CheckSelections(definition.SelectionSet, depth: 1);
    }

    private static void CheckDirectives(ValidationContext context, Node node)
    {
        if (node is IHasDirectives { Directives.Length: var count } && count > context.Options.MaxDirectives)
        {
            Report(
                context, node, ErrorCodes.TooManyDirectives,
                $"At most {context.Options.MaxDirectives} directives may be used at one place.");
        }

        foreach (var child in node.Children)
            CheckDirectives(context, child);
    }

    private void CheckSelections(SelectionSetNode selectionSet, int depth)
    {
        var found = new List<FieldNode>();
        Collect(selectionSet, found, []);
        CheckAliases(found);
        foreach (var field in found)
        {
            if (isOver)
                return;
            CheckField(field, depth);
        }
    }

    private void CheckField(FieldNode field, int depth)
    {
        var name = field.Name.Value;
        if (Introspection.IsMetaField(name) && !options.Introspection)
        {
            Report(field, ErrorCodes.IntrospectionDisabled, "Introspection is switched off.");
        }
        else if (depth > options.MaxDepth)
        {
            Report(field, ErrorCodes.OperationTooDeep, $"The operation is deeper than {options.MaxDepth} fields.");
            isOver = true;
        }
        else if (field.SelectionSet is not null)
        {
            CheckSelections(field.SelectionSet, Introspection.IsMetaField(name) ? Uncounted : depth + 1);
        }
    }

    private void CheckAliases(List<FieldNode> found)
    {
        var most = found.GroupBy(field => field.Name.Value, StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Aliases: group.DistinctBy(field => field.ResponseName).ToList()))
            .FirstOrDefault(group => group.Aliases.Count > options.MaxAliases);
        if (most.Name is null || isOver)
            return;
        isOver = true;
        Report(
            most.Aliases[options.MaxAliases], ErrorCodes.TooManyAliases,
            $"The field \"{most.Name}\" is selected under more than {options.MaxAliases} names.");
    }

    private void Collect(SelectionSetNode selectionSet, List<FieldNode> found, HashSet<FragmentNode> visited)
    {
        foreach (var selection in selectionSet.Selections)
        {
            if (isOver)
                return;
            switch (selection)
            {
                case FieldNode field:
                    found.Add(field);
                    CountField();
                    break;
                case InlineFragmentNode inline:
                    Collect(inline.SelectionSet, found, visited);
                    break;
                case FragmentSpreadNode spread when context.FindFragment(spread.Name.Value) is { } fragment:
                    if (visited.Add(fragment))
                        Collect(fragment.SelectionSet, found, visited);
                    break;
            }
        }
    }

    private void CountField()
    {
        if (++fields <= options.MaxFields)
            return;
        isOver = true;
        Report(
            operation, ErrorCodes.OperationTooLarge, $"The operation has more than {options.MaxFields} fields.");
    }

    private void Report(Node node, string code, string message) => Report(context, node, code, message);

    private static void Report(ValidationContext context, Node node, string code, string message) =>
        context.Errors.Add(new GraphQLError(message)
        {
            Locations = [SourceLocation.Of(context.Document.Source, node.Start)],
            Code = code,
        });
}
