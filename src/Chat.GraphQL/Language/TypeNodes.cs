namespace Chat.GraphQL;

/// <summary>Specification 2.12: a reference to a type.</summary>
internal abstract class TypeNode(int start) : Node(start);

internal sealed class NamedTypeNode(int start, NameNode name) : TypeNode(start)
{
    public NameNode Name { get; } = name;

    public override string ToString() => Name.Value;
}

internal sealed class ListTypeNode(int start, TypeNode type) : TypeNode(start)
{
    public TypeNode Type { get; } = type;

    public override IEnumerable<Node> Children => [Type];

    public override string ToString() => $"[{Type}]";
}

internal sealed class NonNullTypeNode(int start, TypeNode type) : TypeNode(start)
{
    public TypeNode Type { get; } = type;

    public override IEnumerable<Node> Children => [Type];

    public override string ToString() => $"{Type}!";
}
