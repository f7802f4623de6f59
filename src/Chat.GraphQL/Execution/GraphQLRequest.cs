using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>
/// A request as all transports carry it (specification 6; GraphQL over HTTP, "Request Parameters"). The text is empty
/// when the request names a stored document instead.
/// </summary>
internal sealed record GraphQLRequest(string Query, string? OperationName, JsonElement Variables)
{
    private static readonly string[] DocumentIdNames = ["documentId", "id"];

    /// <summary>The stored document to execute (GraphQL over HTTP, "Persisted Documents").</summary>
    public string? DocumentId { get; init; }

    /// <summary>What <c>extensions</c> ask for.</summary>
    public RequestExtensions Extensions { get; init; } = RequestExtensions.None;

    /// <summary>Reads a request from its JSON form; says what is wrong with one that is none.</summary>
    public static GraphQLRequest? Read(JsonElement json, out string? problem)
    {
        problem = null;
        if (json.ValueKind != JsonValueKind.Object)
            problem = "The request must be a JSON object. Batches are not supported.";
        else if (!IsNullOr(json, "query", JsonValueKind.String, out var query))
            problem = "The request must have a \"query\" that is a string.";
        else if (!IsNullOr(json, "operationName", JsonValueKind.String, out var name))
            problem = "\"operationName\" must be a string.";
        else if (!IsNullOr(json, "variables", JsonValueKind.Object, out var variables))
            problem = "\"variables\" must be an object.";
        else if (!IsNullOr(json, "extensions", JsonValueKind.Object, out var extensions))
            problem = "\"extensions\" must be an object.";
        else if (RequestExtensions.Read(extensions, out problem) is { } asked)
            return Of(StringOrNull(query), DocumentIdOf(json), StringOrNull(name), variables, asked, out problem);
        return null;
    }

    /// <summary>The request of these parameters; it must have a text or name a stored one.</summary>
    public static GraphQLRequest? Of(
        string? query, string? documentId, string? operationName, JsonElement variables, RequestExtensions extensions,
        out string? problem)
    {
        var isComplete = query is not null || documentId is not null || extensions.DocumentHash is not null;
        problem = isComplete ? null : "The request must have a \"query\" that is a string.";
        return isComplete
            ? new GraphQLRequest(query ?? "", operationName, variables)
            {
                DocumentId = documentId,
                Extensions = extensions,
            }
            : null;
    }

    private static string? DocumentIdOf(JsonElement json) => DocumentIdNames
        .Select(name => json.TryGetProperty(name, out var id) ? StringOrNull(id) : null)
        .FirstOrDefault(id => id is not null);

    private static string? StringOrNull(JsonElement json) =>
        json.ValueKind == JsonValueKind.String ? json.GetString() : null;

    private static bool IsNullOr(JsonElement json, string name, JsonValueKind kind, out JsonElement value) =>
        !json.TryGetProperty(name, out value) || value.ValueKind == JsonValueKind.Null || value.ValueKind == kind;
}
