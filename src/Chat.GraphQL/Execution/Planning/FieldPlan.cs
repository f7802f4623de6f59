namespace Chat.GraphQL;

/// <summary>
/// One entry of a selection set after merging (specification 6.3.2, CollectFields): all selections with the same
/// response name.
/// </summary>
internal sealed class FieldPlan
{
    private readonly OperationPlan operation;
    private readonly Dictionary<ObjectType, SelectionSetPlan> selections = [];
    private readonly object?[]? constantArguments;
    private SourceLocation[]? locations;

    public FieldPlan(OperationPlan operation, Field field, IReadOnlyList<FieldNode> nodes)
    {
        this.operation = operation;
        Field = field;
        Nodes = nodes;
        ResponseName = nodes[0].ResponseName;
        if (!nodes[0].Arguments.Any(argument => UsesVariables(argument.Value)))
            constantArguments = ConstantArguments(field, nodes[0]);
    }

    public Field Field { get; }

    /// <summary>The selections; they have the same name and arguments, or the document would not be valid.</summary>
    public IReadOnlyList<FieldNode> Nodes { get; }

    public string ResponseName { get; }

    /// <summary>
    /// The plan for values of the field that are objects of the type, made when the first such value is met.
    /// </summary>
    public SelectionSetPlan SelectionOn(ObjectType type)
    {
        lock (selections)
        {
            if (!selections.TryGetValue(type, out var plan))
            {
                plan = operation.Plan(type, Nodes.Select(node => node.SelectionSet!));
                selections.Add(type, plan);
            }

            return plan;
        }
    }

    /// <summary>The C# values of the field's arguments in the order of their definitions.</summary>
    /// <exception cref="GraphQLException">A variable makes an argument invalid.</exception>
    public object?[] Arguments(VariableValues variables, bool suggest)
    {
        if (constantArguments is not null)
            return constantArguments;
        if (ArgumentCoercion.TryCoerce(Field, Nodes[0], variables, out var arguments))
            return arguments;
        throw ArgumentCoercion.Explain(Field, Nodes[0], variables, suggest);
    }

    public IReadOnlyList<SourceLocation> Locations => locations ??=
        [.. Nodes.Select(operation.Document.LocationOf)];

    /// <summary>Where an error of the field is: at the argument that is wrong, or else at all selections.</summary>
    public IReadOnlyList<SourceLocation> LocationsOf(Exception exception) =>
        exception is GraphQLException { Node: { } wrong } ? [operation.Document.LocationOf(wrong)] : Locations;

    /// <summary>
    /// Arguments that are the same in each run. Null when a resolver could change one of them, so that each run needs
    /// its own, and when they are wrong, which each run says for itself.
    /// </summary>
    private static object?[]? ConstantArguments(Field field, FieldNode node)
    {
        try
        {
            return ArgumentCoercion.TryCoerce(field, node, VariableValues.None, out var arguments) &&
                field.Arguments.Zip(arguments).All(given => IsImmutable(given.First, given.Second))
                    ? arguments
                    : null;
        }
        catch (Exception)
        {
            // Scalars and input objects of the application fail in their own ways.
            return null;
        }
    }

    private static bool IsImmutable(Argument argument, object? value) =>
        argument.Type.Nullable is ScalarType or EnumType && value is null or string or ValueType;

    private static bool UsesVariables(Node value) => value is VariableNode || value.Children.Any(UsesVariables);
}
