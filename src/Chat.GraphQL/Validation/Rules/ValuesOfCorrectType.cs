namespace Chat.GraphQL;

/// <summary>Specification 5.6.1: literals are of the type expected where they stand.</summary>
internal sealed class ValuesOfCorrectType : ValidationRule
{
    private readonly LiteralValidation validation;

    public ValuesOfCorrectType(ValidationContext context) : base(context) => validation = new LiteralValidation(
        variables: null, context.Options.FieldSuggestions, (message, node, _) => Report(message, node));

    public override void Enter(Node node)
    {
        if (node is not ValueNode value || value is VariableNode)
            return;
        // Entering a list has moved on to the type of its items.
        var type = value is ListValueNode ? Context.Types.ParentInputType : Context.Types.InputType;
        if (type is not null)
            validation.Validate(value, type);
        Skip(value);
    }
}
