using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chat.GraphQL;

/// <summary>Turns literals of a document into JSON and back, for scalars of the application.</summary>
internal static class LiteralJson
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // As deep as a literal can be parsed.
        MaxDepth = 1_000,
    };

    public static bool HasVariables(Node literal) => literal is VariableNode || literal.Children.Any(HasVariables);

    /// <summary>
    /// The literal as JSON; false when a variable in it has a value that JSON does not express by itself: an enum
    /// value, an input object, or the value of another scalar of the application.
    /// </summary>
    public static bool TryConvert(ValueNode literal, VariableValues variables, out ScalarLiteral result)
    {
        result = default;
        if (Kind(literal) is not { } kind || !TryConvert(literal, variables, out JsonNode? json))
            return false;
        result = new ScalarLiteral(kind, JsonSerializer.SerializeToElement(json, Relaxed));
        return true;
    }

    /// <summary>The literal of a JSON value.</summary>
    public static ValueNode ToLiteral(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => new StringValueNode(0, json.GetString()!),
        JsonValueKind.Number when json.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 =>
            new IntValueNode(0, json.GetRawText()),
        JsonValueKind.Number => new FloatValueNode(0, json.GetRawText()),
        JsonValueKind.True => new BooleanValueNode(0, true),
        JsonValueKind.False => new BooleanValueNode(0, false),
        JsonValueKind.Array => new ListValueNode(0, [.. json.EnumerateArray().Select(ToLiteral)]),
        JsonValueKind.Object => new ObjectValueNode(0, [.. json.EnumerateObject().Select(
            property => new ObjectFieldNode(0, new NameNode(0, property.Name), ToLiteral(property.Value)))]),
        _ => new NullValueNode(0),
    };

    private static ScalarLiteralKind? Kind(ValueNode literal) => literal switch
    {
        IntValueNode => ScalarLiteralKind.Int,
        FloatValueNode => ScalarLiteralKind.Float,
        StringValueNode => ScalarLiteralKind.String,
        BooleanValueNode => ScalarLiteralKind.Boolean,
        EnumValueNode => ScalarLiteralKind.Enum,
        ListValueNode => ScalarLiteralKind.List,
        ObjectValueNode => ScalarLiteralKind.Object,
        _ => null,
    };

    private static bool TryConvert(ValueNode literal, VariableValues variables, out JsonNode? json)
    {
        json = null;
        switch (literal)
        {
            case IntValueNode or FloatValueNode:
                json = JsonNode.Parse(literal is IntValueNode whole ? whole.Value : ((FloatValueNode)literal).Value);
                return true;
            case StringValueNode text:
                json = text.Value;
                return true;
            case BooleanValueNode boolean:
                json = boolean.Value;
                return true;
            case EnumValueNode name:
                json = name.Value;
                return true;
            case NullValueNode:
                return true;
            case VariableNode variable:
                variables.TryGet(variable.Name.Value, out var value);
                return TryConvert(value, out json);
            case ListValueNode list:
                return TryConvertList(list, variables, out json);
            case ObjectValueNode input:
                return TryConvertObject(input, variables, out json);
            default:
                return false;
        }
    }

    private static bool TryConvertList(ListValueNode list, VariableValues variables, out JsonNode? json)
    {
        var items = new JsonArray();
        json = items;
        foreach (var value in list.Values)
        {
            if (!TryConvert(value, variables, out JsonNode? item))
                return false;
            items.Add(item);
        }

        return true;
    }

    private static bool TryConvertObject(ObjectValueNode input, VariableValues variables, out JsonNode? json)
    {
        var fields = new JsonObject();
        json = fields;
        foreach (var field in input.Fields)
        {
            // A variable that was not given leaves its field out, as in input objects (specification 3.10).
            if (field.Value is VariableNode variable && variables.IsMissing(variable.Name.Value))
                continue;
            if (!TryConvert(field.Value, variables, out JsonNode? value))
                return false;
            fields[field.Name.Value] = value;
        }

        return true;
    }

    /// <summary>The value of a variable, coerced as its own type says.</summary>
    private static bool TryConvert(object? value, out JsonNode? json)
    {
        json = value switch
        {
            string text => text,
            bool boolean => boolean,
            int number => number,
            long number => number,
            double number => number,
            Guid id => id.ToString(),
            DateTimeOffset moment => moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            object?[] items => TryConvert(items),
            _ => null,
        };
        return value is null || json is not null;
    }

    private static JsonArray? TryConvert(object?[] values)
    {
        var items = new JsonArray();
        foreach (var value in values)
        {
            if (!TryConvert(value, out JsonNode? item))
                return null;
            items.Add(item);
        }

        return items;
    }
}
