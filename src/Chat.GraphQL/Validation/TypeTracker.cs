namespace Chat.GraphQL;

/// <summary>Knows what the schema says about the place that a walk through a document has come to.</summary>
internal sealed class TypeTracker(Schema schema)
{
    private readonly Stack<GraphQLType?> types = new();
    private readonly Stack<CompositeType?> parentTypes = new();
    private readonly Stack<Field?> fields = new();
    private readonly List<GraphQLType?> inputTypes = [];
    private readonly Stack<InputValue?> locations = new();

    /// <summary>The output type of the field, fragment or operation.</summary>
    public GraphQLType? Type => types.TryPeek(out var type) ? type : null;

    /// <summary>The type that the selection set is applied to.</summary>
    public CompositeType? ParentType => parentTypes.TryPeek(out var type) ? type : null;

    public Field? Field => fields.TryPeek(out var definition) ? definition : null;

    public DirectiveType? Directive { get; private set; }

    public Argument? Argument { get; private set; }

    /// <summary>The type that a value is expected to have.</summary>
    public GraphQLType? InputType => inputTypes.Count > 0 ? inputTypes[^1] : null;

    /// <summary>The type expected of the list or input object around the value.</summary>
    public GraphQLType? ParentInputType => inputTypes.Count > 1 ? inputTypes[^2] : null;

    /// <summary>The argument or input field that the value is for; null inside a list.</summary>
    public InputValue? InputLocation => locations.TryPeek(out var location) ? location : null;

    public void Enter(Node node)
    {
        switch (node)
        {
            case SelectionSetNode:
                parentTypes.Push(Type?.Named as CompositeType);
                break;
            case FieldNode field:
                var definition = ParentType is null ? null : schema.FieldOf(ParentType, field.Name.Value);
                fields.Push(definition);
                types.Push(definition?.Type);
                break;
            case DirectiveNode directive:
                Directive = schema.FindDirective(directive.Name.Value);
                break;
            case OperationNode operation:
                types.Push(schema.RootType(operation.Kind));
                break;
            case InlineFragmentNode inline:
                PushCondition(inline.TypeCondition);
                break;
            case FragmentNode fragment:
                PushCondition(fragment.TypeCondition);
                break;
            case VariableDefinitionNode variable:
                PushInput(schema.TypeOf(variable.Type));
                break;
            case ArgumentNode argument:
                Argument = Directive is not null
                    ? Directive.FindArgument(argument.Name.Value)
                    : Field?.FindArgument(argument.Name.Value);
                PushInput(Argument?.Type, Argument);
                break;
            case ListValueNode:
                PushInput((InputType?.Nullable as ListType)?.OfType);
                break;
            case ObjectFieldNode field:
                var inputField = (InputType?.Named as InputObjectType)?.FindField(field.Name.Value);
                PushInput(inputField?.Type, inputField);
                break;
        }
    }

    public void Leave(Node node)
    {
        switch (node)
        {
            case SelectionSetNode:
                parentTypes.Pop();
                break;
            case FieldNode:
                fields.Pop();
                types.Pop();
                break;
            case DirectiveNode:
                Directive = null;
                break;
            case OperationNode or InlineFragmentNode or FragmentNode:
                types.Pop();
                break;
            case ArgumentNode:
                Argument = null;
                PopInput();
                break;
            case VariableDefinitionNode or ListValueNode or ObjectFieldNode:
                PopInput();
                break;
        }
    }

    private void PushCondition(NamedTypeNode? condition)
    {
        var type = condition is null ? Type?.Named : schema.FindType(condition.Name.Value);
        types.Push(type is { IsOutput: true } ? type : null);
    }

    private void PushInput(GraphQLType? type, InputValue? location = null)
    {
        inputTypes.Add(type is { IsInput: true } ? type : null);
        locations.Push(location);
    }

    private void PopInput()
    {
        inputTypes.RemoveAt(inputTypes.Count - 1);
        locations.Pop();
    }
}
