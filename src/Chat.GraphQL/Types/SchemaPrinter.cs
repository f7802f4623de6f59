namespace Chat.GraphQL;

/// <summary>
/// Prints a schema in the schema definition language (specification 3), without what every schema has.
/// </summary>
internal static class SchemaPrinter
{
    public static string Print(Schema schema)
    {
        var directives = schema.Directives.Except(DirectiveType.Specified).Select(PrintDirective);
        var types = schema.Types.Where(type => !Scalars.Specified.Contains(type) && !Introspection.Types.Contains(type))
            .Select(PrintType);
        return string.Join("\n\n", PrintDefinition(schema).Concat(directives).Concat(types)) + "\n";
    }

    /// <summary>The schema's own definition, where it says more than the names of the types do.</summary>
    private static IEnumerable<string> PrintDefinition(Schema schema)
    {
        var isUsual = schema.QueryType == schema.FindType("Query") &&
            schema.MutationType == schema.FindType("Mutation") &&
            schema.SubscriptionType == schema.FindType("Subscription");
        if (isUsual && schema.Description is null)
            return [];
        string[] roots =
        [
            $"  query: {schema.QueryType}",
            schema.MutationType is { } mutation ? $"  mutation: {mutation}" : "",
            schema.SubscriptionType is { } subscription ? $"  subscription: {subscription}" : "",
        ];
        return [Description(schema.Description) + "schema" + Block(roots.Where(root => root.Length > 0))];
    }

    private static string PrintType(NamedType type) => Description(type.Description) + type switch
    {
        ScalarType scalar => $"scalar {scalar}{Applied(scalar.Applied)}" +
            (scalar.SpecifiedByUrl is { } url ? $" @specifiedBy(url: {Printer.PrintString(url)})" : ""),
        ObjectType @object => $"type {Head(@object)}{Fields(@object)}",
        InterfaceType @interface => $"interface {Head(@interface)}{Fields(@interface)}",
        UnionType union => $"union {union}{Applied(union.Applied)} = {string.Join(" | ", union.PossibleTypes)}",
        EnumType @enum => $"enum {@enum}{Applied(@enum.Applied)}" + Block(@enum.Members.Select((member, i) =>
            Description(member.Description, "  ", i == 0) + "  " + member.Name +
            Deprecated(member.DeprecationReason) + Applied(member.Applied))),
        InputObjectType input => $"input {input}{(input.IsOneOf ? " @oneOf" : "")}{Applied(input.Applied)}" +
            Block(input.Fields.Select((field, i) =>
                Description(field.Description, "  ", i == 0) + "  " + PrintInput(field))),
        _ => "",
    };

    private static string PrintDirective(DirectiveType directive) => Description(directive.Description) +
        $"directive @{directive.Name}{Arguments(directive.Arguments, "")}{Deprecated(directive.DeprecationReason)}" +
        (directive.IsRepeatable ? " repeatable" : "") + $" on {string.Join(" | ", directive.Locations)}";

    private static string Head(FieldsType type) => type.Name +
        (type.Interfaces.Count == 0 ? "" : $" implements {string.Join(" & ", type.Interfaces)}") +
        Applied(type.Applied);

    private static string Fields(FieldsType type) => Block(type.Fields.Select((field, i) =>
        Description(field.Description, "  ", i == 0) +
        $"  {field.Name}{Arguments(field.Arguments, "  ")}: {field.Type}" +
        Deprecated(field.DeprecationReason) + Applied(field.Applied)));

    private static string Arguments(IReadOnlyList<Argument> arguments, string indent)
    {
        if (arguments.Count == 0)
            return "";
        if (arguments.All(argument => argument.Description is null))
            return $"({string.Join(", ", arguments.Select(PrintInput))})";
        var lines = arguments.Select((argument, i) =>
            Description(argument.Description, indent + "  ", i == 0) + indent + "  " + PrintInput(argument));
        return $"(\n{string.Join('\n', lines)}\n{indent})";
    }

    private static string PrintInput(InputValue input)
    {
        var defaultValue = input.DefaultLiteral is { } literal ? $" = {Printer.Print(literal)}" : "";
        return $"{input.Name}: {input.Type}{defaultValue}" + Deprecated(input.DeprecationReason) +
            Applied(input.Applied);
    }

    private static string Deprecated(string? reason) => reason switch
    {
        null => "",
        DirectiveType.NoReason => " @deprecated",
        _ => $" @deprecated(reason: {Printer.PrintString(reason)})",
    };

    private static string Applied(IReadOnlyList<AppliedDirective> directives) => string.Concat(directives.Select(
        directive =>
        {
            var arguments = directive.Arguments
                .Select(argument => $"{argument.Name}: {Printer.Print(argument.Value!)}").ToList();
            return $" @{directive.Type.Name}" + (arguments.Count == 0 ? "" : $"({string.Join(", ", arguments)})");
        }));

    private static string Description(string? text, string indent = "", bool isFirst = true)
    {
        if (text is null)
            return "";
        var literal = Printer.Print(new StringValueNode(0, text, BlockString.CanExpress(text)));
        var lines = literal.Replace("\n", "\n" + indent, StringComparison.Ordinal);
        return $"{(isFirst || indent.Length == 0 ? "" : "\n")}{indent}{lines}\n";
    }

    private static string Block(IEnumerable<string> lines) => $" {{\n{string.Join('\n', lines)}\n}}";
}
