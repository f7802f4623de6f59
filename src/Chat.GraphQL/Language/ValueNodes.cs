namespace Chat.GraphQL;

/// <summary>Specification 2.10: an input value.</summary>
internal abstract class ValueNode(int start) : Node(start);

internal sealed class VariableNode(int start, NameNode name) : ValueNode(start)
{
    public NameNode Name { get; } = name;
}

internal sealed class IntValueNode(int start, string value) : ValueNode(start)
{
    public string Value { get; } = value;
}

internal sealed class FloatValueNode(int start, string value) : ValueNode(start)
{
    public string Value { get; } = value;
}

internal sealed class StringValueNode(int start, string value, bool isBlock = false) : ValueNode(start)
{
    public string Value { get; } = value;

    public bool IsBlock { get; } = isBlock;
}

internal sealed class BooleanValueNode(int start, bool value) : ValueNode(start)
{
    public bool Value { get; } = value;
}

internal sealed class NullValueNode(int start) : ValueNode(start);

internal sealed class EnumValueNode(int start, string value) : ValueNode(start)
{
    public string Value { get; } = value;
}

internal sealed class ListValueNode(int start, ValueNode[] values) : ValueNode(start)
{
    public ValueNode[] Values { get; } = values;

    public override IEnumerable<Node> Children => Values;
}

internal sealed class ObjectValueNode(int start, ObjectFieldNode[] fields) : ValueNode(start)
{
    public ObjectFieldNode[] Fields { get; } = fields;

    public override IEnumerable<Node> Children => Fields;
}

internal sealed class ObjectFieldNode(int start, NameNode name, ValueNode value) : Node(start)
{
    public NameNode Name { get; } = name;

    public ValueNode Value { get; } = value;

    public override IEnumerable<Node> Children => [Value];
}
