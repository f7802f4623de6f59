namespace Chat.GraphQL;

/// <summary>
/// Specification 3: a definition, or with <see cref="IsExtension"/> an extension, of the type system.
/// </summary>
internal abstract class TypeSystemNode(
    int start, StringValueNode? description, DirectiveNode[] directives, bool isExtension)
    : DefinitionNode(start, description, directives)
{
    public bool IsExtension { get; } = isExtension;
}

internal sealed class SchemaNode(
    int start, StringValueNode? description, DirectiveNode[] directives, OperationTypeNode[] operationTypes,
    bool isExtension) : TypeSystemNode(start, description, directives, isExtension)
{
    public OperationTypeNode[] OperationTypes { get; } = operationTypes;

    public override IEnumerable<Node> Children => [.. Directives, .. OperationTypes];
}

internal sealed class OperationTypeNode(int start, OperationKind operation, NamedTypeNode type) : Node(start)
{
    public OperationKind Operation { get; } = operation;

    public NamedTypeNode Type { get; } = type;

    public override IEnumerable<Node> Children => [Type];
}

internal sealed class DirectiveDefinitionNode(
    int start, StringValueNode? description, NameNode name, InputValueDefinitionNode[] arguments,
    DirectiveNode[] directives, bool isRepeatable, NameNode[] locations, bool isExtension)
    : TypeSystemNode(start, description, directives, isExtension)
{
    public NameNode Name { get; } = name;

    public InputValueDefinitionNode[] Arguments { get; } = arguments;

    public bool IsRepeatable { get; } = isRepeatable;

    public NameNode[] Locations { get; } = locations;

    public override IEnumerable<Node> Children => [.. Arguments, .. Directives];
}

internal abstract class TypeDefinitionNode(
    int start, StringValueNode? description, NameNode name, DirectiveNode[] directives, bool isExtension)
    : TypeSystemNode(start, description, directives, isExtension)
{
    public NameNode Name { get; } = name;
}

internal sealed class ScalarTypeNode(
    int start, StringValueNode? description, NameNode name, DirectiveNode[] directives, bool isExtension)
    : TypeDefinitionNode(start, description, name, directives, isExtension)
{
    public override IEnumerable<Node> Children => Directives;
}

/// <summary>An object type, or with <see cref="IsInterface"/> an interface type.</summary>
internal sealed class FieldsTypeNode(
    int start, StringValueNode? description, NameNode name, bool isInterface, NamedTypeNode[] interfaces,
    DirectiveNode[] directives, FieldDefinitionNode[] fields, bool isExtension)
    : TypeDefinitionNode(start, description, name, directives, isExtension)
{
    public bool IsInterface { get; } = isInterface;

    public NamedTypeNode[] Interfaces { get; } = interfaces;

    public FieldDefinitionNode[] Fields { get; } = fields;

    public override IEnumerable<Node> Children => [.. Interfaces, .. Directives, .. Fields];
}

internal sealed class UnionTypeNode(
    int start, StringValueNode? description, NameNode name, DirectiveNode[] directives, NamedTypeNode[] types,
    bool isExtension) : TypeDefinitionNode(start, description, name, directives, isExtension)
{
    public NamedTypeNode[] Types { get; } = types;

    public override IEnumerable<Node> Children => [.. Directives, .. Types];
}

internal sealed class EnumTypeNode(
    int start, StringValueNode? description, NameNode name, DirectiveNode[] directives,
    EnumValueDefinitionNode[] values, bool isExtension)
    : TypeDefinitionNode(start, description, name, directives, isExtension)
{
    public EnumValueDefinitionNode[] Values { get; } = values;

    public override IEnumerable<Node> Children => [.. Directives, .. Values];
}

internal sealed class InputObjectTypeNode(
    int start, StringValueNode? description, NameNode name, DirectiveNode[] directives,
    InputValueDefinitionNode[] fields, bool isExtension)
    : TypeDefinitionNode(start, description, name, directives, isExtension)
{
    public InputValueDefinitionNode[] Fields { get; } = fields;

    public override IEnumerable<Node> Children => [.. Directives, .. Fields];
}

internal sealed class FieldDefinitionNode(
    int start, StringValueNode? description, NameNode name, InputValueDefinitionNode[] arguments, TypeNode type,
    DirectiveNode[] directives) : Node(start), IHasDirectives
{
    public StringValueNode? Description { get; } = description;

    public NameNode Name { get; } = name;

    public InputValueDefinitionNode[] Arguments { get; } = arguments;

    public TypeNode Type { get; } = type;

    public DirectiveNode[] Directives { get; } = directives;

    public override IEnumerable<Node> Children => [.. Arguments, Type, .. Directives];
}

internal sealed class InputValueDefinitionNode(
    int start, StringValueNode? description, NameNode name, TypeNode type, ValueNode? defaultValue,
    DirectiveNode[] directives) : Node(start), IHasDirectives
{
    public StringValueNode? Description { get; } = description;

    public NameNode Name { get; } = name;

    public TypeNode Type { get; } = type;

    public ValueNode? DefaultValue { get; } = defaultValue;

    public DirectiveNode[] Directives { get; } = directives;

    public override IEnumerable<Node> Children =>
        DefaultValue is null ? [Type, .. Directives] : [Type, DefaultValue, .. Directives];
}

internal sealed class EnumValueDefinitionNode(
    int start, StringValueNode? description, NameNode name, DirectiveNode[] directives) : Node(start), IHasDirectives
{
    public StringValueNode? Description { get; } = description;

    public NameNode Name { get; } = name;

    public DirectiveNode[] Directives { get; } = directives;

    public override IEnumerable<Node> Children => Directives;
}
