using System.Globalization;
using System.Text.Json;

namespace Chat.GraphQL.Oracle;

/// <summary>A scalar that takes any value.</summary>
internal sealed class OracleScalar(string name) : ScalarType(name)
{
    public override bool TryReadJson(JsonElement value, out object? result, out string? error)
    {
        error = null;
        result = Read(value);
        return true;
    }

    public override bool TryReadLiteral(
        ValueNode value, VariableValues variables, out object? result, out string? error)
    {
        error = null;
        result = Read(value, variables);
        return true;
    }

    private static object? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => value.EnumerateArray().Select(Read).ToArray(),
        JsonValueKind.Object => new SortedDictionary<string, object?>(
            value.EnumerateObject().ToDictionary(property => property.Name, property => Read(property.Value)),
            StringComparer.Ordinal),
        _ => null,
    };

    private static object? Read(ValueNode value, VariableValues variables) => value switch
    {
        IntValueNode number => double.Parse(number.Value, CultureInfo.InvariantCulture),
        FloatValueNode number => double.Parse(number.Value, CultureInfo.InvariantCulture),
        StringValueNode text => text.Value,
        BooleanValueNode boolean => boolean.Value,
        EnumValueNode name => name.Value,
        ListValueNode list => list.Values.Select(item => Read(item, variables)).ToArray(),
        ObjectValueNode input => new SortedDictionary<string, object?>(
            input.Fields
                .GroupBy(field => field.Name.Value)
                .ToDictionary(group => group.Key, group => Read(group.Last().Value, variables)),
            StringComparer.Ordinal),
        VariableNode variable => variables.TryGet(variable.Name.Value, out var given) ? given : null,
        _ => null,
    };
}
