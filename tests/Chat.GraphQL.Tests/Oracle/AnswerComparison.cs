using System.Text.Json;
using Chat.GraphQL.Oracle;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>
/// Compares answers as the README of tests/graphql-oracle says: the printed document and the data exactly, errors as
/// sets. Which of several errors below one null is reported is up to the implementation: then one of theirs must be
/// among ours.
/// </summary>
internal static class AnswerComparison
{
    /// <summary>What differs; null when nothing does.</summary>
    public static string? Compare(JsonElement expected, JsonElement actual)
    {
        string[] phases = ["oracleError", "parseError", "print", "validate", "exec"];
        foreach (var phase in phases)
        {
            var isTheirs = expected.TryGetProperty(phase, out var theirs);
            var isOurs = actual.TryGetProperty(phase, out var ours);
            if (isTheirs != isOurs)
                return $"{phase}: they: {(isTheirs ? theirs : expected)} we: {(isOurs ? ours : actual)}";
            if (isTheirs && Compare(phase, theirs, ours) is { } difference)
                return $"{phase}: {difference}";
        }

        return null;
    }

    private static string? Compare(string phase, JsonElement theirs, JsonElement ours) => phase switch
    {
        "oracleError" => null,
        "parseError" => Difference([Describe(theirs)], [Describe(ours)]),
        "print" => Difference([OracleJson.Text(theirs)], [OracleJson.Text(ours)]),
        "validate" => Difference(theirs.EnumerateArray().Select(Describe), ours.EnumerateArray().Select(Describe)),
        _ => CompareExecution(theirs, ours),
    };

    private static string? CompareExecution(JsonElement expected, JsonElement actual)
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
            var isSame = isBubbled ? their.Intersect(our).Any() : their.ToHashSet().SetEquals(our);
            if (!isSame)
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
            found.Add((string.Concat(path.Select(step => $"/{step}")), Describe(error)));
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

    private static string? Difference(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (theirs, ours) = (expected.ToHashSet(), actual.ToHashSet());
        return theirs.SetEquals(ours)
            ? null
            : $"they: {string.Join(" | ", theirs.Except(ours))} we: {string.Join(" | ", ours.Except(theirs))}";
    }

    private static string Describe(JsonElement error) => OracleJson.Text(error.GetProperty("message")) +
        (error.TryGetProperty("locations", out var locations)
            ? string.Concat(locations.EnumerateArray().Select(
                location => $" {location.GetProperty("line").GetInt32()}:{location.GetProperty("column").GetInt32()}"))
            : "");

    private static string Canonical(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(
            ',', json.EnumerateObject().Select(property => $"{property.Name}:{Canonical(property.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', json.EnumerateArray().Select(Canonical)) + "]",
        JsonValueKind.Number => json.GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        JsonValueKind.String => JsonText.Quote(OracleJson.Text(json)),
        JsonValueKind.Undefined => "undefined",
        _ => json.GetRawText(),
    };
}
