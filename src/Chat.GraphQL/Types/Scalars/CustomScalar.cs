using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>A scalar of the application as the schema sees it.</summary>
internal abstract class CustomScalar(string name, Type clrType) : ScalarType(name)
{
    /// <summary>The C# type whose values it stands for.</summary>
    public Type ClrType { get; } = clrType;

    /// <summary>The <see cref="LeafWriter{T}"/> of the C# type.</summary>
    public abstract Delegate Writer { get; }

    /// <summary>A value as a literal, for defaults.</summary>
    public abstract ValueNode LiteralOf(object value);
}

/// <summary>Joins a <see cref="ScalarType{T}"/> to the schema.</summary>
internal sealed class CustomScalar<T> : CustomScalar
    where T : notnull
{
    private static readonly JsonWriterOptions AsJsonBuffer = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json)? rented;

    private readonly ScalarType<T> scalar;

    public CustomScalar(ScalarType<T> scalar) : base(scalar.Name, typeof(T))
    {
        this.scalar = scalar;
        Description = scalar.Description;
        SpecifiedByUrl = scalar.SpecifiedByUrl;
        Origin = SchemaProblems.NameOf(scalar.GetType());
        Writer = (LeafWriter<T>)((json, value) => Write(value, bytes => json.Raw(bytes)));
    }

    public override Delegate Writer { get; }

    public override bool TryReadJson(JsonElement value, out object? result, out string? error)
    {
        var isRead = scalar.TryRead(value, out var read);
        result = isRead ? read : null;
        error = isRead ? null : $"{Name} cannot represent value: {JsonText.Inspect(value)}";
        return isRead;
    }

    public override bool TryReadLiteral(
        ValueNode value, VariableValues variables, out object? result, out string? error)
    {
        result = null;
        error = null;
        // While a document is validated its variables have no values yet: such a literal is read when it runs.
        if (ReferenceEquals(variables, VariableValues.None) && LiteralJson.HasVariables(value))
            return true;
        T? read = default;
        var isRead = LiteralJson.TryConvert(value, variables, out var literal) &&
            scalar.TryReadLiteral(literal, out read);
        result = isRead ? read : null;
        error = isRead ? null : $"{Name} cannot represent value: {Printer.Show(value)}";
        return isRead;
    }

    public override ValueNode LiteralOf(object value)
    {
        var json = default(JsonElement);
        Write((T)value, bytes => json = JsonElement.Parse(bytes));
        return LiteralJson.ToLiteral(json);
    }

    /// <summary>Writes aside first: what fails half way, or is no JSON, must not stand in the response.</summary>
    private void Write(T value, Action<ReadOnlySpan<byte>> take)
    {
        // A scalar that writes another one would find the buffers in use: they are taken for the time of the call.
        var (bytes, json) = rented ?? New();
        rented = null;
        bytes.ResetWrittenCount();
        json.Reset(bytes);
        scalar.Write(json, value);
        json.Flush();
        if (bytes.WrittenCount == 0 || json.CurrentDepth > 0)
            throw new InvalidOperationException($"{Name} must write one whole JSON value.");
        take(bytes.WrittenSpan);
        rented = (bytes, json);
    }

    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json) New()
    {
        var bytes = new ArrayBufferWriter<byte>();
        return (bytes, new Utf8JsonWriter(bytes, AsJsonBuffer));
    }
}
