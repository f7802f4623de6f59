using System.Globalization;
using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>Specification 3.5.2: finite double-precision numbers.</summary>
internal sealed class FloatScalar : ScalarType
{
    public FloatScalar() : base("Float") => Description =
        "The `Float` scalar type represents signed double-precision fractional values as specified by " +
        "[IEEE 754](https://en.wikipedia.org/wiki/IEEE_floating_point).";

    public override bool TryReadJson(JsonElement value, out object? result, out string? error)
    {
        var number = value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
        var isFinite = double.IsFinite(number);
        result = isFinite ? number : null;
        error = isFinite ? null : $"Float cannot represent non numeric value: {JsonText.Inspect(value)}";
        return isFinite;
    }

    public override bool TryReadLiteral(
        ValueNode value, VariableValues variables, out object? result, out string? error)
    {
        var text = value switch
        {
            IntValueNode literal => literal.Value,
            FloatValueNode literal => literal.Value,
            _ => null,
        };
        result = null;
        error = null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) &&
            double.IsFinite(number))
        {
            result = number;
        }
        else
        {
            error = $"Float cannot represent non numeric value: {Printer.Show(value)}";
        }

        return error is null;
    }
}
