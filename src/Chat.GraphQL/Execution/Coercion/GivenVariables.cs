using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>
/// Finds variables in the JSON of a request. Each search goes through all of it, so of many variables a table is made
/// first.
/// </summary>
internal readonly struct GivenVariables
{
    private const int MaxSearched = 16;

    private readonly JsonElement json;
    private readonly Dictionary<string, JsonElement>? byName;

    public GivenVariables(VariableDefinitionNode[] definitions, JsonElement json)
    {
        this.json = json;
        if (definitions.Length <= MaxSearched || json.ValueKind != JsonValueKind.Object)
            return;
        byName = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
            byName[property.Name] = property.Value;
    }

    public bool TryGet(string name, out JsonElement value)
    {
        if (byName is not null)
            return byName.TryGetValue(name, out value);
        value = default;
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out value);
    }
}
