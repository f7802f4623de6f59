namespace Chat.GraphQL;

/// <summary>Specification 5.8.3: variables that are used are defined.</summary>
internal sealed class NoUndefinedVariables(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is not OperationNode operation)
            return;
        var defined = operation.Variables.Select(variable => variable.Variable.Name.Value)
            .ToHashSet(StringComparer.Ordinal);
        var by = operation.Name is null ? "" : $" by operation \"{Shorten(operation.Name.Value)}\"";
        foreach (var usage in Context.UsagesIn(operation))
        {
            var name = usage.Variable.Name.Value;
            if (!defined.Contains(name))
                Report($"Variable \"${name}\" is not defined{by}.", usage.Variable, operation);
        }
    }
}
