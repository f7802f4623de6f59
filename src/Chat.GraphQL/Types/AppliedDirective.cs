namespace Chat.GraphQL;

/// <summary>
/// A directive of the application on an element of the schema: the attribute it is made from, and how its properties
/// become arguments.
/// </summary>
internal sealed class AppliedDirective(MappedDirective directive, Attribute attribute)
{
    public DirectiveType Type => directive.Type;

    /// <summary>
    /// The arguments given; a property that is null, or has the argument's default, gives none. A value that the
    /// argument's type cannot express is null.
    /// </summary>
    public IEnumerable<(string Name, ValueNode? Value)> Arguments =>
        from argument in directive.Arguments
        let value = argument.Property.GetValue(attribute)
        where value is not null
        let literal = Literals.Of(value, argument.Argument.Type)
        where literal is null || !IsDefault(argument.Argument, literal)
        select (argument.Argument.Name, literal);

    private static bool IsDefault(Argument argument, ValueNode literal) =>
        argument.DefaultLiteral is { } @default && Printer.Print(@default) == Printer.Print(literal);
}
