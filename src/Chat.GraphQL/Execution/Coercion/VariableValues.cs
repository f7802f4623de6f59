namespace Chat.GraphQL;

/// <summary>The coerced variables of a request (specification 6.1.2). A variable not given has no entry.</summary>
internal sealed class VariableValues
{
    public static readonly VariableValues None = new();

    private readonly Dictionary<string, object?> values = new(StringComparer.Ordinal);

    public bool TryGet(string name, out object? value) => values.TryGetValue(name, out value);

    public bool IsMissing(string name) => !values.ContainsKey(name);

    public void Set(string name, object? value) => values[name] = value;
}
