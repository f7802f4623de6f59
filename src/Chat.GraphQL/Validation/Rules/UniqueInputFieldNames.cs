namespace Chat.GraphQL;

/// <summary>Specification 5.6.3: a field of an input object is given once.</summary>
internal sealed class UniqueInputFieldNames(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is not ObjectValueNode { Fields.Length: > 1 } value)
            return;
        var known = new Dictionary<string, NameNode>(StringComparer.Ordinal);
        foreach (var name in value.Fields.Select(field => field.Name))
        {
            if (!known.TryAdd(name.Value, name))
                Report($"There can be only one input field named \"{name.Value}\".", known[name.Value], name);
        }
    }
}
