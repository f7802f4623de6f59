using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>Writes a scalar or enum value of a C# type (specification 3.5, "Result Coercion").</summary>
internal delegate void LeafWriter<in T>(JsonBuffer json, T value);

/// <summary>The writers of the scalars for the C# types they are mapped from.</summary>
internal static class LeafWriters
{
    private const string Rfc3339 = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const int LongestMoment = 32;
    private const int UuidLength = 36;
    private const int LongestNumber = 20;

    private static readonly Dictionary<(ScalarType, Type), Delegate> Writers = new()
    {
        [(Scalars.Int, typeof(int))] = (LeafWriter<int>)((json, value) => json.Number(value)),
        [(Scalars.Float, typeof(double))] = (LeafWriter<double>)WriteDouble,
        [(Scalars.Float, typeof(float))] = (LeafWriter<float>)WriteSingle,
        [(Scalars.String, typeof(string))] = (LeafWriter<string>)((json, value) => json.String(value)),
        [(Scalars.Boolean, typeof(bool))] = (LeafWriter<bool>)((json, value) => json.Boolean(value)),
        [(Scalars.Long, typeof(long))] = (LeafWriter<long>)((json, value) => json.Number(value)),
        [(Scalars.UUID, typeof(Guid))] = (LeafWriter<Guid>)WriteUuid,
        [(Scalars.DateTime, typeof(DateTimeOffset))] = (LeafWriter<DateTimeOffset>)WriteMoment,
        [(Scalars.ID, typeof(string))] = (LeafWriter<string>)((json, value) => json.String(value)),
        [(Scalars.ID, typeof(Guid))] = (LeafWriter<Guid>)WriteUuid,
        [(Scalars.ID, typeof(int))] = (LeafWriter<int>)((json, value) => WriteNumberAsText(json, value)),
        [(Scalars.ID, typeof(long))] = (LeafWriter<long>)WriteNumberAsText,
    };

    public static Delegate? Of(ScalarType scalar, Type clrType) => Writers.GetValueOrDefault((scalar, clrType));

    public static LeafWriter<T?> Nullable<T>(LeafWriter<T> writer) where T : struct =>
        (json, value) => writer(json, value.GetValueOrDefault());

    public static LeafWriter<T> Enum<T>(EnumType type) where T : notnull
    {
        var names = type.Members.ToDictionary(
            member => (T)member.Value, member => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(member.Name)}\""));
        return (json, value) =>
        {
            if (!names.TryGetValue(value, out var name))
                throw new InvalidOperationException($"Enum \"{type}\" cannot represent value: {value}");
            json.Raw(name);
        };
    }

    private static void WriteDouble(JsonBuffer json, double value)
    {
        if (!double.IsFinite(value))
            throw NonNumeric(value);
        json.Number(value);
    }

    private static void WriteSingle(JsonBuffer json, float value)
    {
        if (!float.IsFinite(value))
            throw NonNumeric(value);
        json.Number(value);
    }

    private static InvalidOperationException NonNumeric(double value) =>
        new($"Float cannot represent non numeric value: {value.ToString(CultureInfo.InvariantCulture)}");

    private static void WriteUuid(JsonBuffer json, Guid value)
    {
        Span<char> text = stackalloc char[UuidLength];
        value.TryFormat(text, out var written);
        json.String(text[..written]);
    }

    private static void WriteMoment(JsonBuffer json, DateTimeOffset value)
    {
        Span<char> text = stackalloc char[LongestMoment];
        value.UtcDateTime.TryFormat(text, out var written, Rfc3339, CultureInfo.InvariantCulture);
        json.String(text[..written]);
    }

    private static void WriteNumberAsText(JsonBuffer json, long value)
    {
        Span<char> text = stackalloc char[LongestNumber];
        value.TryFormat(text, out var written, default, CultureInfo.InvariantCulture);
        json.String(text[..written]);
    }
}
