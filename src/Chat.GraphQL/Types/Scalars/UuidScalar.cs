using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>UUIDs of RFC 9562, as 8-4-4-4-12 hexadecimal digits.</summary>
internal sealed class UuidScalar : ScalarType
{
    public UuidScalar() : base("UUID")
    {
        Description = "A UUID as 8-4-4-4-12 hexadecimal digits in lower case.";
        SpecifiedByUrl = "https://www.rfc-editor.org/rfc/rfc9562";
    }

    public override bool TryReadJson(JsonElement value, out object? result, out string? error)
    {
        result = value.ValueKind == JsonValueKind.String ? Read(value.GetString()) : null;
        error = result is null ? $"UUID cannot represent value: {JsonText.Inspect(value)}" : null;
        return error is null;
    }

    public override bool TryReadLiteral(
        ValueNode value, VariableValues variables, out object? result, out string? error)
    {
        result = Read((value as StringValueNode)?.Value);
        error = result is null ? $"UUID cannot represent value: {Printer.Show(value)}" : null;
        return error is null;
    }

    private static Guid? Read(string? text) => Guid.TryParseExact(text, "D", out var id) ? id : null;
}
