namespace Chat.GraphQL;

/// <summary>Specification 6.4.1, CoerceArgumentValues.</summary>
internal static class ArgumentCoercion
{
    /// <summary>The C# values of a field's arguments in the order of their definitions.</summary>
    public static bool TryCoerce(Field field, FieldNode node, VariableValues variables, out object?[] values)
    {
        values = field.Arguments.Count == 0 ? [] : new object?[field.Arguments.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var argument = field.Arguments[i];
            object? coerced;
            if (Find(node, argument, variables) is not { } literal)
            {
                if (argument.IsRequired)
                    return false;
                coerced = argument.Default;
            }
            else if (!LiteralCoercion.TryCoerce(literal, argument.Type, variables, out coerced))
            {
                return false;
            }

            values[i] = argument.Convert(coerced);
        }

        return true;
    }

    /// <summary>Finds the words for arguments that <see cref="TryCoerce"/> refused.</summary>
    public static GraphQLException Explain(Field field, FieldNode node, VariableValues variables, bool suggest)
    {
        foreach (var argument in field.Arguments)
        {
            if (Find(node, argument, variables) is not { } literal)
            {
                if (argument.IsRequired)
                {
                    return new GraphQLException(
                        $"Argument \"{argument}\" of required type \"{argument.Type}\" was not provided.",
                        ErrorCodes.InvalidInput);
                }

                continue;
            }

            GraphQLException? problem = null;
            new LiteralValidation(variables, suggest, (message, wrong, path) => problem ??= new GraphQLException(
                $"Argument \"{argument}\" has invalid value{InputPath.Describe(path)}: {message}",
                ErrorCodes.InvalidInput)
            {
                Node = wrong,
            }).Validate(literal, argument.Type);
            if (problem is not null)
                return problem;
        }

        throw new InvalidOperationException($"The arguments of {field} were refused without a reason.");
    }

    /// <summary>The argument's literal; null when none is given, or only a variable that has no value.</summary>
    private static ValueNode? Find(FieldNode node, Argument argument, VariableValues variables)
    {
        var literal = Array.Find(node.Arguments, candidate => candidate.Name.Value == argument.Name)?.Value;
        var isMissing = literal is VariableNode variable && variables.IsMissing(variable.Name.Value) &&
            !argument.IsRequired;
        return isMissing ? null : literal;
    }
}
