namespace Chat.GraphQL;

/// <summary>Specification 5.8.5: a variable's type fits where it is used.</summary>
internal sealed class VariablesInAllowedPosition(ValidationContext context) : ValidationRule(context)
{
    public override void Leave(Node node)
    {
        if (node is not OperationNode operation)
            return;
        var definitions = new Dictionary<string, VariableDefinitionNode>(StringComparer.Ordinal);
        foreach (var variable in operation.Variables)
            definitions[variable.Variable.Name.Value] = variable;
        foreach (var usage in Context.UsagesIn(operation))
        {
            if (usage.Type is not null && definitions.TryGetValue(usage.Variable.Name.Value, out var definition))
                Check(usage, definition);
        }
    }

    private void Check(VariableUsage usage, VariableDefinitionNode definition)
    {
        var name = usage.Variable.Name.Value;
        var type = Context.Schema.TypeOf(definition.Type);
        if (type is not null && !IsAllowed(type, definition.DefaultValue, usage))
        {
            Report(
                $"Variable \"${name}\" of type \"{type}\" used in position expecting type \"{usage.Type}\".",
                definition, usage.Variable);
        }

        if (type is not (null or NonNullType) && usage.ParentType is InputObjectType { IsOneOf: true } oneOf)
        {
            Report(
                $"Variable \"${name}\" is of type \"{type}\" but must be non-nullable to be used for OneOf Input " +
                $"Object \"{oneOf}\".", definition, usage.Variable);
        }
    }

    /// <summary>Specification 5.8.5, IsVariableUsageAllowed.</summary>
    private static bool IsAllowed(GraphQLType type, ValueNode? defaultValue, VariableUsage usage)
    {
        if (usage.Type is not NonNullType expected || type is NonNullType)
            return Schema.IsSubType(type, usage.Type!);
        var hasDefault = defaultValue is not (null or NullValueNode) || usage.Location?.DefaultLiteral is not null;
        return hasDefault && Schema.IsSubType(type, expected.OfType);
    }
}
