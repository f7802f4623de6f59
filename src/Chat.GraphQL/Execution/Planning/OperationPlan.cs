namespace Chat.GraphQL;

/// <summary>
/// An operation made ready to run. Directives @skip and @include are decided here: there is a plan for each combination
/// of the Boolean variables they use.
/// </summary>
internal sealed class OperationPlan
{
    private readonly Schema schema;
    private readonly IReadOnlyDictionary<string, bool?> conditions;
    private EventDependencies? eventDependencies;

    public OperationPlan(
        Schema schema, ExecutableDocument document, OperationNode operation,
        IReadOnlyDictionary<string, bool?> conditions)
    {
        this.schema = schema;
        this.conditions = conditions;
        Document = document;
        Operation = operation;
        Root = Plan(schema.RootType(operation.Kind)!, [operation.SelectionSet]);
    }

    public ExecutableDocument Document { get; }

    public OperationNode Operation { get; }

    public SelectionSetPlan Root { get; }

    /// <summary>
    /// What it is the plan of. Two of one key do the same: requests that come at once may each make a plan, and later
    /// ones do when the document has left the cache.
    /// </summary>
    public PlanKey Key => new(
        Document.Source, Operation.Start,
        string.Concat(conditions.Values.Select(value => value switch { null => '-', true => '1', false => '0' })));

    /// <summary>What responses to events depend on; only of a subscription's plan.</summary>
    public EventDependencies EventDependencies => eventDependencies ??= new EventDependencies(schema, this);

    /// <summary>Merges selection sets for one object type (specification 6.3.2, CollectFields).</summary>
    /// <exception cref="GraphQLException">A variable that decides on one of the fields is null.</exception>
    public SelectionSetPlan Plan(ObjectType type, IEnumerable<SelectionSetNode> selectionSets)
    {
        var groups = new OrderedDictionary<string, List<FieldNode>>(StringComparer.Ordinal);
        var visited = new HashSet<string>(StringComparer.Ordinal);
        foreach (var selectionSet in selectionSets)
            Collect(type, selectionSet, groups, visited);
        var fields = groups.Values
            .Select(nodes => new FieldPlan(this, schema.FieldOf(type, nodes[0].Name.Value)!, nodes))
            .ToArray();
        Document.CountPlanned(fields.Length);
        return new SelectionSetPlan(type, fields);
    }

    private void Collect(
        ObjectType type, SelectionSetNode selectionSet, OrderedDictionary<string, List<FieldNode>> groups,
        HashSet<string> visited)
    {
        foreach (var selection in selectionSet.Selections)
        {
            if (!IsIncluded(selection))
                continue;
            switch (selection)
            {
                case FieldNode field when groups.TryGetValue(field.ResponseName, out var group):
                    group.Add(field);
                    break;
                case FieldNode field:
                    groups.Add(field.ResponseName, [field]);
                    break;
                case InlineFragmentNode inline when Applies(type, inline.TypeCondition):
                    Collect(type, inline.SelectionSet, groups, visited);
                    break;
                case FragmentSpreadNode spread when visited.Add(spread.Name.Value):
                    var fragment = Document.Fragments[spread.Name.Value];
                    if (Applies(type, fragment.TypeCondition))
                        Collect(type, fragment.SelectionSet, groups, visited);
                    break;
            }
        }
    }

    private bool Applies(ObjectType type, NamedTypeNode? condition) =>
        condition is null ||
        (schema.FindType(condition.Name.Value) is CompositeType composite && Schema.IsPossible(composite, type));

    private bool IsIncluded(SelectionNode selection)
    {
        foreach (var directive in selection.Directives)
        {
            if (directive.Name.Value == DirectiveType.Skip.Name && IsTrue(directive))
                return false;
            if (directive.Name.Value == DirectiveType.Include.Name && !IsTrue(directive))
                return false;
        }

        return true;
    }

    private bool IsTrue(DirectiveNode directive) => directive.Arguments[0].Value switch
    {
        BooleanValueNode literal => literal.Value,
        VariableNode variable => conditions[variable.Name.Value] ?? throw IsNull(directive, variable),
        _ => false,
    };

    private static GraphQLException IsNull(DirectiveNode directive, VariableNode variable) => new(
        $"Argument \"@{directive.Name.Value}(if:)\" has invalid value: Expected variable \"${variable.Name.Value}\" " +
        "provided to non-null type \"Boolean!\" not to be null.", ErrorCodes.InvalidInput)
    {
        Node = variable,
    };
}

/// <summary>What a plan is made of, in one schema.</summary>
/// <param name="Document">The document's text.</param>
/// <param name="Operation">Where the operation begins there.</param>
/// <param name="Conditions">A character for each variable that decides on fields.</param>
internal readonly record struct PlanKey(string Document, int Operation, string Conditions);
