namespace Chat.GraphQL;

/// <summary>
/// Coerces literals (specification 3, "Input Coercion"). It only tells whether a literal fits;
/// <see cref="LiteralValidation"/> finds the words for one that does not.
/// </summary>
internal static class LiteralCoercion
{
    public static bool TryCoerce(ValueNode literal, GraphQLType type, VariableValues variables, out object? value)
    {
        if (literal is VariableNode variable)
            return TryGetVariable(variable, type, variables, out value);

        if (type is NonNullType nonNull)
        {
            value = null;
            return literal is not NullValueNode && TryCoerce(literal, nonNull.OfType, variables, out value);
        }

        value = null;
        return literal is NullValueNode || type switch
        {
            ListType list => TryCoerceList(literal, list, variables, out value),
            InputObjectType input => TryCoerceObject(literal, input, variables, out value),
            EnumType @enum => TryCoerceEnum(literal, @enum, out value),
            ScalarType scalar => scalar.TryReadLiteral(literal, variables, out value, out _),
            _ => false,
        };
    }

    private static bool TryGetVariable(
        VariableNode variable, GraphQLType type, VariableValues variables, out object? value)
    {
        variables.TryGet(variable.Name.Value, out value);
        return value is not null || type is not NonNullType;
    }

    private static bool TryCoerceList(ValueNode literal, ListType type, VariableValues variables, out object? value)
    {
        // A single value stands for a list of one (specification 3.11).
        ValueNode[] literals = literal is ListValueNode list ? list.Values : [literal];
        var items = new object?[literals.Length];
        value = items;
        for (var i = 0; i < items.Length; i++)
        {
            if (!TryCoerce(literals[i], type.OfType, variables, out items[i]))
                return false;
        }

        return true;
    }

    private static bool TryCoerceObject(
        ValueNode literal, InputObjectType type, VariableValues variables, out object? value)
    {
        value = null;
        if (literal is not ObjectValueNode input || input.Fields.Any(field => type.FindField(field.Name.Value) is null))
            return false;

        var values = new object?[type.Fields.Count];
        var given = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var field = type.Fields[i];
            var node = Array.FindLast(input.Fields, candidate => candidate.Name.Value == field.Name);
            var isGiven = node is not null &&
                !(node.Value is VariableNode variable && variables.IsMissing(variable.Name.Value));
            object? coerced;
            if (isGiven)
            {
                if (!TryCoerce(node!.Value, field.Type, variables, out coerced))
                    return false;
                if (type.IsOneOf && coerced is null)
                    return false;
                given++;
            }
            else if (field.IsRequired)
            {
                return false;
            }
            else
            {
                coerced = field.Default;
            }

            values[i] = field.Convert(coerced);
        }

        if (type.IsOneOf && (given != 1 || input.Fields.Length != 1))
            return false;
        value = type.Create(values);
        return true;
    }

    private static bool TryCoerceEnum(ValueNode literal, EnumType type, out object? value)
    {
        value = literal is EnumValueNode name ? type.Find(name.Value)?.Value : null;
        return value is not null;
    }
}
