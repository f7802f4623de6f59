using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.EventStore;

/// <summary>
/// Writes strings and keys as they are and refuses those that the log would hold differently: the followers of this
/// process get the caller's own object, and all must see the same.
/// </summary>
internal sealed class PlainText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Checked(value));

    public override string ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(Checked(value));

    /// <summary>The text, if it can be stored.</summary>
    /// <exception cref="JsonException">It cannot.</exception>
    public static string Checked(string value) =>
        StorableText.Problem(value) is { } problem ? throw new JsonException($"a text {problem}.") : value;
}
