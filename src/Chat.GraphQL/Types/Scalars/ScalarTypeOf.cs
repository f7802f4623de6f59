using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>
/// A scalar of the application (specification 3.5). It stands for all values of one C# type. A class that derives from
/// it and has a constructor without parameters is added with <see cref="GraphQLBuilder.AddType"/>, or found by
/// <see cref="GraphQLBuilder.AddTypes"/>. One instance serves all requests, side by side.
/// </summary>
/// <typeparam name="T">The C# type that resolvers see; a scalar of the library for it gives way.</typeparam>
/// <param name="name">The scalar's name in the schema.</param>
public abstract class ScalarType<T>(string name)
    where T : notnull
{
    /// <summary>The scalar's name in the schema.</summary>
    public string Name { get; } = name;

    /// <summary>Describes the scalar to the reader of the schema; Markdown is allowed.</summary>
    public string? Description { get; init; }

    /// <summary>The URL of the scalar's specification: @specifiedBy (specification 3.13.4).</summary>
    public string? SpecifiedByUrl { get; init; }

    /// <summary>
    /// Reads a variable's value, which is never null. False refuses it: the client is told INVALID_INPUT.
    /// </summary>
    protected internal abstract bool TryRead(JsonElement value, [MaybeNullWhen(false)] out T result);

    /// <summary>
    /// Reads a literal, which is never null. Without an override it is read as the same value in JSON would be, and the
    /// name of an enum value is refused. False refuses it: the client is told GRAPHQL_VALIDATION_FAILED.
    /// </summary>
    protected internal virtual bool TryReadLiteral(ScalarLiteral literal, [MaybeNullWhen(false)] out T result)
    {
        result = default;
        return literal.Kind != ScalarLiteralKind.Enum && TryRead(literal.Value, out result);
    }

    /// <summary>
    /// Writes a result as one JSON value. An exception becomes the error of the field.
    /// </summary>
    protected internal abstract void Write(Utf8JsonWriter json, T value);
}

/// <summary>A literal of a document for a scalar of the application.</summary>
/// <param name="Kind">What the document's grammar says it is.</param>
/// <param name="Value">
/// The same value as JSON: names of enum values are strings, and variables in lists and objects are put in.
/// </param>
public readonly record struct ScalarLiteral(ScalarLiteralKind Kind, JsonElement Value);

/// <summary>The kinds of literals that scalars can be given (specification 2.9).</summary>
public enum ScalarLiteralKind
{
    /// <summary>A whole number of any size.</summary>
    Int,

    /// <summary>A number with a fraction or an exponent.</summary>
    Float,

    /// <summary>A string, or a block string.</summary>
    String,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A name.</summary>
    Enum,

    /// <summary>A list of literals.</summary>
    List,

    /// <summary>An object of literals.</summary>
    Object,
}
