using System.Globalization;
using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>64-bit signed integers, as JSON numbers.</summary>
internal sealed class LongScalar : ScalarType
{
    private const double LargestExact = 9_007_199_254_740_992;

    public LongScalar() : base("Long") => Description = "A 64-bit signed integer, as a JSON number.";

    public override bool TryReadJson(JsonElement value, out object? result, out string? error)
    {
        result = null;
        if (value.ValueKind == JsonValueKind.Number)
        {
            if (value.TryGetInt64(out var whole))
                result = whole;
            else if (IsWhole(value.GetDouble(), out var number))
                result = number;
        }

        error = result is null ? $"Long cannot represent value: {JsonText.Inspect(value)}" : null;
        return error is null;
    }

    /// <summary>1e3 is a whole number in JSON.</summary>
    private static bool IsWhole(double value, out long number)
    {
        var isWhole = value == Math.Floor(value) && Math.Abs(value) <= LargestExact;
        number = isWhole ? (long)value : 0;
        return isWhole;
    }

    public override bool TryReadLiteral(
        ValueNode value, VariableValues variables, out object? result, out string? error)
    {
        result = value is IntValueNode literal && long.TryParse(
            literal.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        error = result is null ? $"Long cannot represent value: {Printer.Show(value)}" : null;
        return error is null;
    }
}
