namespace Chat.GraphQL;

/// <summary>Specification 5.2.2.1: no two operations have the same name.</summary>
internal sealed class UniqueOperationNames(ValidationContext context) : ValidationRule(context)
{
    private readonly Dictionary<string, NameNode> known = new(StringComparer.Ordinal);

    public override void Enter(Node node)
    {
        if (node is OperationNode { Name: { } name } && !known.TryAdd(name.Value, name))
            Report($"There can be only one operation named \"{name.Value}\".", known[name.Value], name);
    }
}
