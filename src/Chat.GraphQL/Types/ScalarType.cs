using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>
/// A scalar type (specification 3.5): how it reads values. How it writes them depends on the C# type, see
/// <see cref="LeafWriters"/>. Reading says what is wrong in the words of the reference implementation.
/// </summary>
internal abstract class ScalarType(string name) : NamedType(name)
{
    public string? SpecifiedByUrl { get; init; }

    /// <summary>Reads a variable's value.</summary>
    public abstract bool TryReadJson(JsonElement value, out object? result, out string? error);

    /// <summary>Reads a literal. Only scalars of free form can contain variables.</summary>
    public abstract bool TryReadLiteral(
        ValueNode value, VariableValues variables, out object? result, out string? error);
}
