using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>The entries of a request's <c>extensions</c> that mean something here.</summary>
/// <param name="DocumentHash"><c>persistedQuery.sha256Hash</c>: lower-case hex.</param>
/// <param name="OperationId">The operation's id on a shared event stream (graphql-sse).</param>
internal sealed record RequestExtensions(string? DocumentHash, string? OperationId)
{
    public static readonly RequestExtensions None = new(null, null);

    private const int HashLength = 64;

    /// <summary>Reads an object, or nothing; says what is wrong with entries that cannot be meant so.</summary>
    public static RequestExtensions? Read(JsonElement json, out string? problem)
    {
        problem = null;
        if (json.ValueKind != JsonValueKind.Object)
            return None;
        string? hash = null;
        if (json.TryGetProperty("persistedQuery", out var persisted) && !TryReadHash(persisted, out hash))
        {
            problem = "\"extensions.persistedQuery\" must have \"version\": 1 and a \"sha256Hash\" of 64 hex digits.";
            return null;
        }

        var id = json.TryGetProperty("operationId", out var given) && given.ValueKind == JsonValueKind.String
            ? given.GetString()
            : null;
        return hash is null && id is null ? None : new RequestExtensions(hash, id);
    }

    private static bool TryReadHash(JsonElement json, out string? hash)
    {
        hash = null;
        if (json.ValueKind == JsonValueKind.Null)
            return true;
        if (json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number
            || !version.TryGetInt32(out var number) || number != 1
            || !json.TryGetProperty("sha256Hash", out var given) || given.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        hash = given.GetString()!.ToLowerInvariant();
        return hash.Length == HashLength && hash.All(char.IsAsciiHexDigit);
    }
}
