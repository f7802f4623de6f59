namespace Chat.GraphQL;

/// <summary>A place where a variable is used, with what the schema expects there.</summary>
internal sealed record VariableUsage(
    VariableNode Variable, GraphQLType? Type, GraphQLType? ParentType, InputValue? Location);

/// <summary>Finds the variables used below a definition.</summary>
internal sealed class VariableUsageCollector(Schema schema)
{
    private readonly TypeTracker types = new(schema);

    public List<VariableUsage> Usages { get; } = [];

    public void Visit(Node node)
    {
        // The definition of a variable is no usage.
        if (node is VariableDefinitionNode)
            return;
        types.Enter(node);
        if (node is VariableNode variable)
            Usages.Add(new VariableUsage(variable, types.InputType, types.ParentInputType, types.InputLocation));
        foreach (var child in node.Children)
            Visit(child);
        types.Leave(node);
    }
}
