namespace Chat.GraphQL;

/// <summary>Specification 5.8.1: no two variables of an operation have the same name.</summary>
internal sealed class UniqueVariableNames(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is not OperationNode operation)
            return;
        var duplicates = operation.Variables.Select(variable => variable.Variable.Name)
            .GroupBy(name => name.Value, StringComparer.Ordinal).Where(group => group.Skip(1).Any());
        foreach (var group in duplicates)
            Report($"There can be only one variable named \"${group.Key}\".", group);
    }
}
