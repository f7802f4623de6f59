using System.Globalization;
using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>Specification 3.5.1: 32-bit signed integers.</summary>
internal sealed class IntScalar : ScalarType
{
    public IntScalar() : base("Int") => Description =
        "The `Int` scalar type represents non-fractional signed whole numeric values. Int can represent values " +
        "between -(2^31) and 2^31 - 1.";

    public override bool TryReadJson(JsonElement value, out object? result, out string? error)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            // 1.0 and 1e3 are whole numbers in JSON.
            var number = value.GetDouble();
            if (number == Math.Floor(number) && !double.IsInfinity(number))
            {
                var fits = number is >= int.MinValue and <= int.MaxValue;
                result = fits ? (int)number : null;
                error = fits
                    ? null
                    : $"Int cannot represent non 32-bit signed integer value: {JsonText.Number(value)}";
                return fits;
            }
        }

        result = null;
        error = $"Int cannot represent non-integer value: {JsonText.Inspect(value)}";
        return false;
    }

    public override bool TryReadLiteral(
        ValueNode value, VariableValues variables, out object? result, out string? error)
    {
        result = null;
        error = null;
        if (value is not IntValueNode literal)
            error = $"Int cannot represent non-integer value: {Printer.Show(value)}";
        else if (int.TryParse(literal.Value, CultureInfo.InvariantCulture, out var number))
            result = number;
        else
            error = $"Int cannot represent non 32-bit signed integer value: {literal.Value}";
        return error is null;
    }
}
