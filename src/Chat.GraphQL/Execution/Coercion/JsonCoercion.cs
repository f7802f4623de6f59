using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>
/// Coerces the JSON values of variables (specification 6.1.2). It only tells whether a value fits;
/// <see cref="JsonValidation"/> finds the words for one that does not.
/// </summary>
internal static class JsonCoercion
{
    public static bool TryCoerce(JsonElement json, GraphQLType type, out object? value)
    {
        var isNull = json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;
        value = null;
        if (type is NonNullType nonNull)
            return !isNull && TryCoerce(json, nonNull.OfType, out value);
        return isNull || type switch
        {
            ListType list => TryCoerceList(json, list, out value),
            InputObjectType input => TryCoerceObject(json, input, out value),
            EnumType @enum => TryCoerceEnum(json, @enum, out value),
            ScalarType scalar => scalar.TryReadJson(json, out value, out _),
            _ => false,
        };
    }

    private static bool TryCoerceList(JsonElement json, ListType type, out object? value)
    {
        // A single value stands for a list of one (specification 3.11).
        if (json.ValueKind != JsonValueKind.Array)
        {
            var coerced = TryCoerce(json, type.OfType, out var item);
            value = new[] { item };
            return coerced;
        }

        var items = new object?[json.GetArrayLength()];
        value = items;
        var i = 0;
        foreach (var element in json.EnumerateArray())
        {
            if (!TryCoerce(element, type.OfType, out items[i++]))
                return false;
        }

        return true;
    }

    private static bool TryCoerceObject(JsonElement json, InputObjectType type, out object? value)
    {
        value = null;
        if (json.ValueKind != JsonValueKind.Object ||
            json.EnumerateObject().Any(property => type.FindField(property.Name) is null))
        {
            return false;
        }

        var values = new object?[type.Fields.Count];
        var given = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var field = type.Fields[i];
            object? coerced;
            if (json.TryGetProperty(field.Name, out var property))
            {
                if (!TryCoerce(property, field.Type, out coerced) || (type.IsOneOf && coerced is null))
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

        if (type.IsOneOf && given != 1)
            return false;
        value = type.Create(values);
        return true;
    }

    private static bool TryCoerceEnum(JsonElement json, EnumType type, out object? value)
    {
        value = json.ValueKind == JsonValueKind.String ? type.Find(json.GetString()!)?.Value : null;
        return value is not null;
    }
}
