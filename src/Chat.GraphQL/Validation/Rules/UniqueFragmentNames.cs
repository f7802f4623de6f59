namespace Chat.GraphQL;

/// <summary>Specification 5.5.1.1: no two fragments have the same name.</summary>
internal sealed class UniqueFragmentNames(ValidationContext context) : ValidationRule(context)
{
    private readonly Dictionary<string, NameNode> known = new(StringComparer.Ordinal);

    public override void Enter(Node node)
    {
        if (node is FragmentNode { Name: var name } && !known.TryAdd(name.Value, name))
            Report($"There can be only one fragment named \"{name.Value}\".", known[name.Value], name);
    }
}
