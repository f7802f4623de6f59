using System.Reflection;

namespace Chat.GraphQL;

/// <summary>A directive of the application, with the properties that its arguments are made from.</summary>
internal sealed record MappedDirective(
    DirectiveType Type, Type Clr, List<(Argument Argument, PropertyInfo Property)> Arguments);

/// <summary>Maps classes marked [DirectiveType] to directives (specification 3.13).</summary>
internal static class DirectiveTypes
{
    private const string AttributeSuffix = "Attribute";
    private const string DirectiveSuffix = "Directive";

    /// <summary>
    /// Makes the directives. All are known before any of them has arguments: an argument can carry a directive itself.
    /// </summary>
    public static void Map(IEnumerable<Type> marked, Elements elements, InputTypes inputs, SchemaProblems problems)
    {
        foreach (var clr in marked)
        {
            if (clr.GetCustomAttribute<DirectiveTypeAttribute>(inherit: false) is { } attribute)
                elements.Know(clr, Create(clr, attribute));
        }

        foreach (var directive in elements.Directives)
        {
            directive.Arguments.AddRange(inputs.DirectiveArguments(directive.Clr, directive.Type.Name));
            directive.Type.Arguments = [.. directive.Arguments.Select(argument => argument.Argument)];
            if (directive.Type.Locations.Count == 0)
                problems.Add(directive.Clr, "a directive needs a location.");
        }
    }

    private static MappedDirective Create(Type clr, DirectiveTypeAttribute attribute)
    {
        var locations = attribute.Locations.Distinct().Select(DirectiveLocations.NameOf).ToArray();
        var type = new DirectiveType(NameOf(clr), locations)
        {
            Description = Elements.DescriptionOf(clr),
            Origin = SchemaProblems.NameOf(clr),
            IsRepeatable = attribute.IsRepeatable,
        };
        return new MappedDirective(type, clr, []);
    }

    private static string NameOf(Type clr)
    {
        var given = clr.GetCustomAttribute<GraphQLNameAttribute>(inherit: false);
        return given?.Name ?? Names.CamelCase(Without(Without(clr.Name, AttributeSuffix), DirectiveSuffix));
    }

    private static string Without(string name, string suffix) =>
        name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
}
