using System.Globalization;
using System.Text;

namespace Chat.GraphQL;

/// <summary>Prints a document, or a part of one, in the canonical form of the reference implementation.</summary>
internal static class Printer
{
    private const int LongestLine = 80;

    public static string Print(Node node) => node switch
    {
        DocumentNode document => string.Join("\n\n", document.Definitions.Select(Print)),
        ValueNode value => PrintValue(value, int.MaxValue),
        TypeNode type => type.ToString()!,
        NameNode name => name.Value,
        OperationNode operation => PrintOperation(operation),
        FragmentNode fragment => Described(fragment.Description) +
            $"fragment {fragment.Name.Value} on {fragment.TypeCondition} " +
            Wrap("", Join(fragment.Directives, " "), " ") + Print(fragment.SelectionSet),
        VariableDefinitionNode variable => Described(variable.Description) +
            $"{Print(variable.Variable)}: {variable.Type}" + Default(variable.DefaultValue) + Applied(variable),
        SelectionSetNode set => set.Selections.Length == 0 ? "{}" : Block(set.Selections),
        FieldNode field => PrintField(field),
        FragmentSpreadNode spread => $"...{spread.Name.Value}" + Applied(spread),
        InlineFragmentNode inline => Words(
            "...", Wrap("on ", inline.TypeCondition?.ToString() ?? ""), Join(inline.Directives, " "),
            Print(inline.SelectionSet)),
        ArgumentNode argument => $"{argument.Name.Value}: {Print(argument.Value)}",
        ObjectFieldNode field => $"{field.Name.Value}: {PrintValue(field.Value, int.MaxValue)}",
        DirectiveNode directive =>
            $"@{directive.Name.Value}" + Wrap("(", Join(directive.Arguments, ", "), ")"),
        _ => PrintTypeSystem(node),
    };

    /// <summary>Prints a literal for a message: of one that is very long, the beginning.</summary>
    public static string Show(ValueNode value) => PrintValue(value, GraphQLError.LongestMessage);

    /// <summary>Prints a string literal with the escapes of specification 2.9.4.</summary>
    public static string PrintString(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' or (>= '\u007f' and <= '\u009f') =>
                    text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }

    private static string PrintOperation(OperationNode operation)
    {
        var kind = operation.Kind switch
        {
            OperationKind.Query => "query",
            OperationKind.Mutation => "mutation",
            _ => "subscription",
        };
        var name = operation.Name?.Value + Arguments([.. operation.Variables.Select(Print)], indented: false);
        var prefix = Described(operation.Description) + Words(kind, name, Join(operation.Directives, " "));
        return (prefix == "query" ? "" : prefix + " ") + Print(operation.SelectionSet);
    }

    private static string PrintField(FieldNode field)
    {
        var prefix = Wrap("", field.Alias?.Value ?? "", ": ") + field.Name.Value;
        var arguments = field.Arguments.Select(Print).ToArray();
        var oneLine = prefix + Wrap("(", string.Join(", ", arguments), ")");
        var line = arguments.Length > 0 && oneLine.Length > LongestLine
            ? prefix + Wrap("(\n", Indent(string.Join('\n', arguments)), "\n)")
            : oneLine;
        return line + Applied(field) + (field.SelectionSet is null ? "" : " " + Print(field.SelectionSet));
    }

    private static string PrintValue(ValueNode value, int longest)
    {
        var text = value switch
        {
            VariableNode variable => "$" + variable.Name.Value,
            IntValueNode number => number.Value,
            FloatValueNode number => number.Value,
            EnumValueNode name => name.Value,
            BooleanValueNode boolean => boolean.Value ? "true" : "false",
            StringValueNode { IsBlock: true } block => BlockString.Print(Cut(block.Value, longest)),
            StringValueNode characters => PrintString(Cut(characters.Value, longest)),
            ListValueNode list => PrintList(Printed(list.Values, item => PrintValue(item, longest), longest)),
            ObjectValueNode input => PrintObject(Printed(
                input.Fields, field => $"{field.Name.Value}: {PrintValue(field.Value, longest)}", longest)),
            _ => "null",
        };
        return Cut(text, longest);
    }

    private static string PrintList(List<string> items)
    {
        var line = string.Join(", ", items);
        return line.Length + 2 > LongestLine ? $"[\n{Indent(string.Join('\n', items))}\n]" : $"[{line}]";
    }

    private static string PrintObject(List<string> fields)
    {
        var line = string.Join(", ", fields);
        return line.Length + 4 > LongestLine ? $"{{\n{Indent(string.Join('\n', fields))}\n}}" : $"{{ {line} }}";
    }

    /// <summary>The printed nodes, up to the one that makes them too long.</summary>
    private static List<string> Printed<T>(T[] nodes, Func<T, string> print, int longest)
    {
        var printed = new List<string>();
        long length = 0;
        for (var i = 0; i < nodes.Length && length <= longest; i++)
        {
            printed.Add(print(nodes[i]));
            length += printed[i].Length;
        }

        return printed;
    }

    private static string Cut(string text, int longest) => text.Length > longest ? text[..longest] : text;

    private static string PrintTypeSystem(Node node) => node switch
    {
        SchemaNode schema => Definition(
            schema, "schema", "", [Join(schema.Directives, " "), Block(schema.OperationTypes)]),
        OperationTypeNode type => type.Operation switch
        {
            OperationKind.Query => $"query: {type.Type}",
            OperationKind.Mutation => $"mutation: {type.Type}",
            _ => $"subscription: {type.Type}",
        },
        ScalarTypeNode scalar => Definition(scalar, "scalar", scalar.Name.Value, [Join(scalar.Directives, " ")]),
        FieldsTypeNode type => Definition(type, type.IsInterface ? "interface" : "type", type.Name.Value,
            [Wrap("implements ", Join(type.Interfaces, " & ")), Join(type.Directives, " "), Block(type.Fields)]),
        UnionTypeNode union => Definition(union, "union", union.Name.Value,
            [Join(union.Directives, " "), Wrap("= ", Join(union.Types, " | "))]),
        EnumTypeNode type => Definition(
            type, "enum", type.Name.Value, [Join(type.Directives, " "), Block(type.Values)]),
        InputObjectTypeNode input => Definition(
            input, "input", input.Name.Value, [Join(input.Directives, " "), Block(input.Fields)]),
        DirectiveDefinitionNode { IsExtension: true } directive => Words(
            $"extend directive @{directive.Name.Value}", Join(directive.Directives, " ")),
        DirectiveDefinitionNode directive => Described(directive.Description) + $"directive @{directive.Name.Value}" +
            Arguments([.. directive.Arguments.Select(Print)], indented: true) + Applied(directive) +
            (directive.IsRepeatable ? " repeatable" : "") + " on " + Join(directive.Locations, " | "),
        FieldDefinitionNode field => Described(field.Description) + field.Name.Value +
            Arguments([.. field.Arguments.Select(Print)], indented: true) + $": {field.Type}" + Applied(field),
        InputValueDefinitionNode input => Described(input.Description) + $"{input.Name.Value}: {input.Type}" +
            Default(input.DefaultValue) + Applied(input),
        EnumValueDefinitionNode value => Described(value.Description) + value.Name.Value + Applied(value),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node.GetType().Name, "The node cannot be printed."),
    };

    private static string Definition(TypeSystemNode node, string keyword, string name, string[] parts) =>
        Described(node.Description) + Words([node.IsExtension ? "extend" : "", keyword, name, .. parts]);

    private static string Arguments(string[] arguments, bool indented)
    {
        if (!arguments.Any(argument => argument.Contains('\n', StringComparison.Ordinal)))
            return Wrap("(", string.Join(", ", arguments), ")");
        var lines = string.Join('\n', arguments);
        return Wrap("(\n", indented ? Indent(lines) : lines, "\n)");
    }

    private static string Described(StringValueNode? description) =>
        description is null ? "" : Print(description) + "\n";

    private static string Default(ValueNode? value) => value is null ? "" : " = " + Print(value);

    private static string Applied(IHasDirectives node) => Wrap(" ", Join(node.Directives, " "));

    private static string Block(IReadOnlyList<Node> nodes) =>
        nodes.Count == 0 ? "" : $"{{\n{Indent(Join(nodes, "\n"))}\n}}";

    private static string Indent(string text) => "  " + text.Replace("\n", "\n  ", StringComparison.Ordinal);

    private static string Join(IEnumerable<Node> nodes, string separator) =>
        string.Join(separator, nodes.Select(Print));

    private static string Words(params string[] parts) => string.Join(' ', parts.Where(part => part.Length > 0));

    private static string Wrap(string start, string text, string end = "") =>
        text.Length == 0 ? "" : start + text + end;
}
