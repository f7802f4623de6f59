using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>A request as all transports carry it (specification 6; GraphQL over HTTP, "Request Parameters").</summary>
internal sealed record GraphQLRequest(string Query, string? OperationName, JsonElement Variables)
{
    /// <summary>Reads a request from its JSON form; says what is wrong with one that is none.</summary>
    public static GraphQLRequest? Read(JsonElement json, out string? problem)
    {
        problem = null;
        if (json.ValueKind != JsonValueKind.Object)
            problem = "The request must be a JSON object. Batches are not supported.";
        else if (!json.TryGetProperty("query", out var query) || query.ValueKind != JsonValueKind.String)
            problem = "The request must have a \"query\" that is a string.";
        else if (!IsNullOr(json, "operationName", JsonValueKind.String, out var name))
            problem = "\"operationName\" must be a string.";
        else if (!IsNullOr(json, "variables", JsonValueKind.Object, out var variables))
            problem = "\"variables\" must be an object.";
        else if (!IsNullOr(json, "extensions", JsonValueKind.Object, out _))
            problem = "\"extensions\" must be an object.";
        else
            return new GraphQLRequest(query.GetString()!, StringOrNull(name), variables);
        return null;
    }

    private static string? StringOrNull(JsonElement json) =>
        json.ValueKind == JsonValueKind.String ? json.GetString() : null;

    private static bool IsNullOr(JsonElement json, string name, JsonValueKind kind, out JsonElement value) =>
        !json.TryGetProperty(name, out value) || value.ValueKind == JsonValueKind.Null || value.ValueKind == kind;
}
