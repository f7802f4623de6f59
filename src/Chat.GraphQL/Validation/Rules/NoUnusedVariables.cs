namespace Chat.GraphQL;

/// <summary>Specification 5.8.4: variables that are defined are used.</summary>
internal sealed class NoUnusedVariables(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is not OperationNode operation)
            return;
        var used = Context.UsagesIn(operation).Select(usage => usage.Variable.Name.Value)
            .ToHashSet(StringComparer.Ordinal);
        var where = operation.Name is null ? "" : $" in operation \"{Shorten(operation.Name.Value)}\"";
        foreach (var variable in operation.Variables)
        {
            var name = variable.Variable.Name.Value;
            if (!used.Contains(name))
                Report($"Variable \"${name}\" is never used{where}.", variable);
        }
    }
}
