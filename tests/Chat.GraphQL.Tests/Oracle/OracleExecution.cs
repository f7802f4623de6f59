using System.Text.Json;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>
/// Compares responses. Which of several errors below one null is reported is up to the implementation: then one of
/// theirs must be among ours.
/// </summary>
internal static class OracleExecution
{
    public static string? Compare(JsonElement expected, JsonElement actual)
    {
        var theirData = expected.TryGetProperty("data", out var data) ? data : default;
        var ourData = actual.TryGetProperty("data", out data) ? data : default;
        if (Canonical(theirData) != Canonical(ourData))
            return $"data: they: {Canonical(theirData)} we: {Canonical(ourData)}";

        var theirs = Errors(expected, theirData);
        var ours = Errors(actual, ourData);
        foreach (var position in theirs.Keys.Union(ours.Keys))
        {
            var their = theirs.GetValueOrDefault(position) ?? [];
            var our = ours.GetValueOrDefault(position) ?? [];
            var isBubbled = their.Concat(our).Any(error => error.Path != position);
            if (isBubbled ? !their.Intersect(our).Any() : !their.ToHashSet().SetEquals(our))
                return $"errors at {position}: they: {string.Join(" | ", their)} we: {string.Join(" | ", our)}";
        }

        return null;
    }

    /// <summary>Errors by the place in the data that became null because of them.</summary>
    private static Dictionary<string, List<(string Path, string Message)>> Errors(
        JsonElement response, JsonElement data)
    {
        var byPosition = new Dictionary<string, List<(string, string)>>();
        if (!response.TryGetProperty("errors", out var errors))
            return byPosition;
        foreach (var error in errors.EnumerateArray())
        {
            var path = error.TryGetProperty("path", out var steps) ? steps.EnumerateArray().ToList() : [];
            var position = Position(path, data);
            if (!byPosition.TryGetValue(position, out var found))
                byPosition.Add(position, found = []);
            var message = error.GetProperty("message").GetString()!;
            // What a value is that has no type is told in other words.
            if (message.StartsWith("Abstract type", StringComparison.Ordinal) || message.Contains("is not mapped to"))
                message = "no type";
            found.Add((string.Concat(path.Select(step => $"/{step}")), message));
        }

        return byPosition;
    }

    private static string Position(List<JsonElement> path, JsonElement data)
    {
        var position = "";
        foreach (var step in path)
        {
            if (data.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
                break;
            data = step.ValueKind == JsonValueKind.Number ? data[step.GetInt32()] : data.GetProperty(step.GetString()!);
            position += $"/{step}";
        }

        return position;
    }

    private static string Canonical(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(
            ',', json.EnumerateObject().Select(property => $"{property.Name}:{Canonical(property.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', json.EnumerateArray().Select(Canonical)) + "]",
        JsonValueKind.Number => json.GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        JsonValueKind.String => JsonSerializer.Serialize(json.GetString()),
        JsonValueKind.Undefined => "undefined",
        _ => json.GetRawText(),
    };
}
