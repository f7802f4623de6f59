using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Chat.Model.Runs;

/// <summary>An answer as lines of path and value: two of them are compared line by line.</summary>
internal static partial class Lines
{
    private static readonly JsonSerializerOptions Plain = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static SortedDictionary<string, string> Of(JsonElement element)
    {
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(lines, "", element);
        return lines;
    }

    public static SortedDictionary<string, string> OfObject(object? value) =>
        Of(JsonSerializer.SerializeToElement(value, Plain));

    /// <summary>Where they differ; empty where they do not.</summary>
    public static string Difference(
        SortedDictionary<string, string> expected, SortedDictionary<string, string> actual)
    {
        var differences = expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal)
            .Select(key => (Key: key, Expected: expected.GetValueOrDefault(key), Actual: actual.GetValueOrDefault(key)))
            .Where(one => one.Expected != one.Actual)
            .Select(one => $"{one.Key}: {one.Actual ?? "nothing"} instead of {one.Expected ?? "nothing"}");
        return string.Join('\n', differences.Take(30));
    }

    private static void Add(SortedDictionary<string, string> lines, string path, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    Add(lines, $"{path}.{property.Name}", property.Value);
                break;
            case JsonValueKind.Array:
                lines[$"{path}.count"] = element.GetArrayLength().ToString(CultureInfo.InvariantCulture);
                var index = 0;
                foreach (var entry in element.EnumerateArray())
                {
                    var key = KeyOf(entry) ?? index++.ToString("D3", CultureInfo.InvariantCulture);
                    Add(lines, $"{path}[{key}]", entry);
                }

                break;
            case JsonValueKind.String when Time().IsMatch(element.GetString()!):
                lines[path] = element.GetDateTimeOffset().ToUniversalTime()
                    .ToString("O", CultureInfo.InvariantCulture);
                break;
            default:
                lines[path] = element.ToString();
                break;
        }
    }

    // Where the contract promises no order, what the entry is about is its place.
    private static string? KeyOf(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("key", out var key)
            ? key.ValueKind == JsonValueKind.Object ? key.GetProperty("id").GetString() : key.ToString()
            : null;

    [GeneratedRegex("""^\d{4}-\d\d-\d\dT""")]
    private static partial Regex Time();
}
