namespace Chat.GraphQL;

/// <summary>
/// Says what is wrong with a literal. Without variables (while validating a document) variables fit everywhere: a rule
/// of their own checks them.
/// </summary>
internal sealed class LiteralValidation(
    VariableValues? variables, bool suggest, Action<string, Node, InputPath?> report)
{
    public void Validate(ValueNode literal, GraphQLType type, InputPath? path = null)
    {
        if (literal is VariableNode variable)
            ValidateVariable(variable, type, path);
        else if (type is NonNullType && literal is NullValueNode)
            report($"Expected value of non-null type \"{type}\" not to be null.", literal, path);
        else if (type is NonNullType nonNull)
            Validate(literal, nonNull.OfType, path);
        else if (literal is not NullValueNode)
            ValidateNullable(literal, type, path);
    }

    private void ValidateVariable(VariableNode variable, GraphQLType type, InputPath? path)
    {
        if (variables is null || type is not NonNullType)
            return;
        var expected = $"Expected variable \"${variable.Name.Value}\" provided to";
        if (!variables.TryGet(variable.Name.Value, out var value))
            report($"{expected} type \"{type}\" to provide a runtime value.", variable, path);
        else if (value is null)
            report($"{expected} non-null type \"{type}\" not to be null.", variable, path);
    }

    private void ValidateNullable(ValueNode literal, GraphQLType type, InputPath? path)
    {
        switch (type)
        {
            case ListType list when literal is ListValueNode items:
                for (var i = 0; i < items.Values.Length; i++)
                    Validate(items.Values[i], list.OfType, new InputPath(path, i));
                break;
            case ListType list:
                Validate(literal, list.OfType, path);
                break;
            case InputObjectType input when literal is ObjectValueNode value:
                ValidateObject(value, input, path);
                break;
            case InputObjectType:
                report(
                    $"Expected value of type \"{type}\" to be an object, found: {Printer.Show(literal)}.",
                    literal, path);
                break;
            case EnumType @enum when literal is not EnumValueNode:
                var shown = Printer.Show(WithoutVariables(literal));
                report(EnumMessages.NonEnum(@enum, shown, suggest), literal, path);
                break;
            case EnumType @enum when @enum.Find(((EnumValueNode)literal).Value) is null:
                report(EnumMessages.Unknown(@enum, ((EnumValueNode)literal).Value, suggest), literal, path);
                break;
            case ScalarType scalar:
                if (!scalar.TryReadLiteral(
                    WithoutVariables(literal), variables ?? VariableValues.None, out _, out var error))
                {
                    report(error!, literal, path);
                }

                break;
        }
    }

    /// <summary>The literal while its variables have no values: items of lists are null, fields are left out.</summary>
    private ValueNode WithoutVariables(ValueNode literal) => literal switch
    {
        _ when variables is not null => literal,
        VariableNode => new NullValueNode(literal.Start),
        ListValueNode list => new ListValueNode(list.Start, [.. list.Values.Select(WithoutVariables)]),
        ObjectValueNode input => new ObjectValueNode(input.Start, [.. input.Fields
            .Where(field => field.Value is not VariableNode)
            .Select(field => new ObjectFieldNode(field.Start, field.Name, WithoutVariables(field.Value)))]),
        _ => literal,
    };

    private void ValidateObject(ObjectValueNode literal, InputObjectType type, InputPath? path)
    {
        var shown = new Lazy<string>(() => Printer.Show(literal));
        foreach (var field in type.Fields)
        {
            var node = Array.FindLast(literal.Fields, candidate => candidate.Name.Value == field.Name);
            if (node is not null)
            {
                ValidateField(literal, node.Value, type, field, path);
            }
            else if (field.IsRequired)
            {
                report(
                    $"Expected value of type \"{type}\" to include required field \"{field.Name}\", " +
                    $"found: {shown.Value}.", literal, path);
            }
        }

        foreach (var node in literal.Fields.Where(node => type.FindField(node.Name.Value) is null))
        {
            var didYouMean = suggest
                ? Suggestions.DidYouMean(Suggestions.For(node.Name.Value, type.Fields.Select(field => field.Name)))
                : "";
            var found = didYouMean.Length > 0 ? $".{didYouMean} Found" : ", found";
            report(
                $"Expected value of type \"{type}\" not to include unknown field \"{node.Name.Value}\"{found}: " +
                $"{shown.Value}.", node, path);
        }

        if (type.IsOneOf)
            ValidateOneOf(literal, type, path);
    }

    private void ValidateField(
        ObjectValueNode literal, ValueNode value, InputObjectType type, InputField field, InputPath? path)
    {
        if (value is VariableNode variable && variables is not null)
        {
            var name = variable.Name.Value;
            var isGiven = variables.TryGet(name, out var given);
            if (type.IsOneOf && given is null)
            {
                report(
                    $"Expected variable \"${name}\" provided to field \"{field.Name}\" for OneOf Input Object type " +
                    $"\"{type}\" {(isGiven ? "not to be null" : "to provide a runtime value")}.", literal, path);
            }
            else if (!isGiven && !field.IsRequired)
            {
                return;
            }
        }

        Validate(value, field.Type, new InputPath(path, field.Name));
    }

    private void ValidateOneOf(ObjectValueNode literal, InputObjectType type, InputPath? path)
    {
        var known = literal.Fields.Where(node => type.FindField(node.Name.Value) is not null).ToList();
        if (known.Count != 1)
            report(OneOfMessage(type), literal, path);
        else if (known[0].Value is NullValueNode)
            report(OneOfMessage(type), literal, new InputPath(path, known[0].Name.Value));
    }

    internal static string OneOfMessage(InputObjectType type) =>
        $"Within OneOf Input Object type \"{type}\", exactly one field must be specified, " +
        "and the value for that field must be non-null.";
}
