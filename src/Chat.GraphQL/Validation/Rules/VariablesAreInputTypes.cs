namespace Chat.GraphQL;

/// <summary>Specification 5.8.2: variables have input types.</summary>
internal sealed class VariablesAreInputTypes(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is not VariableDefinitionNode variable ||
            Context.Schema.TypeOf(variable.Type) is not { IsInput: false })
        {
            return;
        }

        var name = variable.Variable.Name.Value;
        Report($"Variable \"${name}\" cannot be non-input type \"{variable.Type}\".", variable.Type);
    }
}
