using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>Specification 3.5.3: text.</summary>
internal sealed class StringScalar : ScalarType
{
    public StringScalar() : base("String") => Description =
        "The `String` scalar type represents textual data, represented as UTF-8 character sequences. The String type " +
        "is most often used by GraphQL to represent free-form human-readable text.";

    public override bool TryReadJson(JsonElement value, out object? result, out string? error)
    {
        var isString = value.ValueKind == JsonValueKind.String;
        result = isString ? value.GetString() : null;
        error = isString ? null : $"String cannot represent a non string value: {JsonText.Inspect(value)}";
        return isString;
    }

    public override bool TryReadLiteral(
        ValueNode value, VariableValues variables, out object? result, out string? error)
    {
        result = (value as StringValueNode)?.Value;
        error = result is null ? $"String cannot represent a non string value: {Printer.Show(value)}" : null;
        return error is null;
    }
}
