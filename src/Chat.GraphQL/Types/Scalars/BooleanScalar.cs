using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>Specification 3.5.4.</summary>
internal sealed class BooleanScalar : ScalarType
{
    private static readonly object True = true;
    private static readonly object False = false;

    public BooleanScalar() : base("Boolean") => Description =
        "The `Boolean` scalar type represents `true` or `false`.";

    public override bool TryReadJson(JsonElement value, out object? result, out string? error)
    {
        result = value.ValueKind switch
        {
            JsonValueKind.True => True,
            JsonValueKind.False => False,
            _ => null,
        };
        error = result is null ? $"Boolean cannot represent a non boolean value: {JsonText.Inspect(value)}" : null;
        return error is null;
    }

    public override bool TryReadLiteral(
        ValueNode value, VariableValues variables, out object? result, out string? error)
    {
        result = value is BooleanValueNode literal ? literal.Value ? True : False : null;
        error = result is null ? $"Boolean cannot represent a non boolean value: {Printer.Show(value)}" : null;
        return error is null;
    }
}
