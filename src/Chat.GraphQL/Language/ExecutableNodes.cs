namespace Chat.GraphQL;

/// <summary>A node of a parsed document. <see cref="Start"/> is the position of its first token.</summary>
internal abstract class Node(int start)
{
    public int Start { get; } = start;

    /// <summary>The nodes below, in the order of the document; names and descriptions are not among them.</summary>
    public virtual IEnumerable<Node> Children => [];
}

internal sealed class NameNode(int start, string value) : Node(start)
{
    public string Value { get; } = value;
}

/// <summary>Specification 2.2: a document, with the text it was parsed from.</summary>
internal sealed class DocumentNode(string source, DefinitionNode[] definitions) : Node(0)
{
    private LineStarts? lines;

    public string Source { get; } = source;

    public DefinitionNode[] Definitions { get; } = definitions;

    /// <summary>The line and column where a node begins.</summary>
    public SourceLocation LocationOf(Node node) => (lines ??= new LineStarts(Source)).Of(node.Start);

    public override IEnumerable<Node> Children => Definitions;
}

internal abstract class DefinitionNode(int start, StringValueNode? description, DirectiveNode[] directives)
    : Node(start), IHasDirectives
{
    public StringValueNode? Description { get; } = description;

    public DirectiveNode[] Directives { get; } = directives;
}

/// <summary>A node that directives can be applied to (specification 2.13).</summary>
internal interface IHasDirectives
{
    DirectiveNode[] Directives { get; }
}

internal enum OperationKind
{
    Query,
    Mutation,
    Subscription,
}

/// <summary>Specification 2.3: an operation.</summary>
internal sealed class OperationNode(
    int start, StringValueNode? description, OperationKind kind, NameNode? name, VariableDefinitionNode[] variables,
    DirectiveNode[] directives, SelectionSetNode selectionSet) : DefinitionNode(start, description, directives)
{
    public OperationKind Kind { get; } = kind;

    public NameNode? Name { get; } = name;

    public VariableDefinitionNode[] Variables { get; } = variables;

    public SelectionSetNode SelectionSet { get; } = selectionSet;

    public override IEnumerable<Node> Children => [.. Variables, .. Directives, SelectionSet];
}

/// <summary>Specification 2.9: a named fragment.</summary>
internal sealed class FragmentNode(
    int start, StringValueNode? description, NameNode name, NamedTypeNode typeCondition, DirectiveNode[] directives,
    SelectionSetNode selectionSet) : DefinitionNode(start, description, directives)
{
    public NameNode Name { get; } = name;

    public NamedTypeNode TypeCondition { get; } = typeCondition;

    public SelectionSetNode SelectionSet { get; } = selectionSet;

    public override IEnumerable<Node> Children => [TypeCondition, .. Directives, SelectionSet];
}

internal sealed class VariableDefinitionNode(
    int start, StringValueNode? description, VariableNode variable, TypeNode type, ValueNode? defaultValue,
    DirectiveNode[] directives) : Node(start), IHasDirectives
{
    public StringValueNode? Description { get; } = description;

    public VariableNode Variable { get; } = variable;

    public TypeNode Type { get; } = type;

    public ValueNode? DefaultValue { get; } = defaultValue;

    public DirectiveNode[] Directives { get; } = directives;

    public override IEnumerable<Node> Children =>
        DefaultValue is null ? [Variable, Type, .. Directives] : [Variable, Type, DefaultValue, .. Directives];
}

/// <summary>Specification 2.4: a selection set.</summary>
internal sealed class SelectionSetNode(int start, SelectionNode[] selections) : Node(start)
{
    public SelectionNode[] Selections { get; } = selections;

    public override IEnumerable<Node> Children => Selections;
}

internal abstract class SelectionNode(int start, DirectiveNode[] directives) : Node(start), IHasDirectives
{
    public DirectiveNode[] Directives { get; } = directives;
}

/// <summary>Specification 2.5: a field.</summary>
internal sealed class FieldNode(
    int start, NameNode? alias, NameNode name, ArgumentNode[] arguments, DirectiveNode[] directives,
    SelectionSetNode? selectionSet) : SelectionNode(start, directives)
{
    public NameNode? Alias { get; } = alias;

    public NameNode Name { get; } = name;

    /// <summary>The key of the field in the response: its alias, or else its name.</summary>
    public string ResponseName => (Alias ?? Name).Value;

    public ArgumentNode[] Arguments { get; } = arguments;

    public SelectionSetNode? SelectionSet { get; } = selectionSet;

    public override IEnumerable<Node> Children =>
        SelectionSet is null ? [.. Arguments, .. Directives] : [.. Arguments, .. Directives, SelectionSet];
}

internal sealed class FragmentSpreadNode(int start, NameNode name, DirectiveNode[] directives)
    : SelectionNode(start, directives)
{
    public NameNode Name { get; } = name;

    public override IEnumerable<Node> Children => Directives;
}

internal sealed class InlineFragmentNode(
    int start, NamedTypeNode? typeCondition, DirectiveNode[] directives, SelectionSetNode selectionSet)
    : SelectionNode(start, directives)
{
    public NamedTypeNode? TypeCondition { get; } = typeCondition;

    public SelectionSetNode SelectionSet { get; } = selectionSet;

    public override IEnumerable<Node> Children =>
        TypeCondition is null ? [.. Directives, SelectionSet] : [TypeCondition, .. Directives, SelectionSet];
}

internal sealed class ArgumentNode(int start, NameNode name, ValueNode value) : Node(start)
{
    public NameNode Name { get; } = name;

    public ValueNode Value { get; } = value;

    public override IEnumerable<Node> Children => [Value];
}

internal sealed class DirectiveNode(int start, NameNode name, ArgumentNode[] arguments) : Node(start)
{
    public NameNode Name { get; } = name;

    public ArgumentNode[] Arguments { get; } = arguments;

    public override IEnumerable<Node> Children => Arguments;
}
