namespace Chat.GraphQL;

/// <summary>Specification 5.8.2: variables have input types.</summary>
internal sealed class VariablesAreInputTypes(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is VariableDefinitionNode variable && Context.Schema.TypeOf(variable.Type) is { IsInput: false })
            Report($"Variable \"${variable.Variable.Name.Value}\" cannot be non-input type \"{variable.Type}\".", variable.Type);
    }
}
