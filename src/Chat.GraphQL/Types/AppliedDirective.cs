namespace Chat.GraphQL;

/// <summary>
/// A directive of the application on an element of the schema: the attribute it is made from, and how its properties
/// become arguments.
/// </summary>
internal sealed class AppliedDirective(MappedDirective directive, Attribute attribute)
{
    public DirectiveType Type => directive.Type;

    /// <summary>The arguments given; a property that is null gives none.</summary>
    public IEnumerable<(string Name, ValueNode? Value)> Arguments =>
        from argument in directive.Arguments
        let value = argument.Property.GetValue(attribute)
        where value is not null
        select (argument.Argument.Name, Literals.Of(value, argument.Argument.Type));
}
