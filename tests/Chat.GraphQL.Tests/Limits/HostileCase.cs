using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>
/// A request made to hurt, and the code of the error that it must end in; null for one that is harmless after all and
/// has to be answered.
/// </summary>
public sealed record HostileCase(string Name, byte[] Body, string? Code)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static HostileCase Document(
        string name, string? code, string document, object? variables = null, string? operationName = null) =>
        new(name, JsonSerializer.SerializeToUtf8Bytes(new { query = document, variables, operationName }, Json), code);

    /// <summary>A case whose variables are written as they are, not as a serializer would.</summary>
    public static HostileCase Variables(string name, string? code, string document, string variables) => Raw(
        name, code, $$"""{"query":{{JsonSerializer.Serialize(document, Json)}},"variables":{{variables}}}""");

    public static HostileCase Raw(string name, string? code, string body) =>
        new(name, Encoding.UTF8.GetBytes(body), code);

    public override string ToString() => Name;
}
