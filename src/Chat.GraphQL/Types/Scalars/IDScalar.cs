using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>Specification 3.5.5: an identifier, read from a string or a whole number, written as a string.</summary>
internal sealed class IDScalar : ScalarType
{
    public IDScalar() : base("ID") => Description =
        "The `ID` scalar type represents a unique identifier, often used to refetch an object or as key for a cache. " +
        "The ID type appears in a JSON response as a String; however, it is not intended to be human-readable. When " +
        "expected as an input type, any string (such as `\"4\"`) or integer (such as `4`) input value will be " +
        "accepted as an ID.";

    public override bool TryReadJson(JsonElement value, out object? result, out string? error)
    {
        result = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number when value.GetDouble() is var number && number == Math.Floor(number) &&
                double.IsFinite(number) => TextOf(value),
            _ => null,
        };
        error = result is null ? $"ID cannot represent value: {JsonText.Inspect(value)}" : null;
        return error is null;
    }

    /// <summary>A whole number as text, with all its digits: a double would not keep them.</summary>
    private static string TextOf(JsonElement number)
    {
        var text = number.GetRawText();
        return text == "-0" || text.AsSpan().ContainsAny('.', 'e', 'E') ? JsonText.Number(number) : text;
    }

    public override bool TryReadLiteral(
        ValueNode value, VariableValues variables, out object? result, out string? error)
    {
        result = value switch
        {
            StringValueNode literal => literal.Value,
            IntValueNode literal => literal.Value,
            _ => null,
        };
        error = result is null
            ? $"ID cannot represent a non-string and non-integer value: {Printer.Show(value)}"
            : null;
        return error is null;
    }
}
