using System.Reflection;

namespace Chat.GraphQL;

/// <summary>What attributes say of an element of the schema, whatever kind it is.</summary>
internal sealed class Elements(SchemaProblems problems)
{
    private readonly Dictionary<Type, MappedDirective> directives = [];

    public IEnumerable<MappedDirective> Directives => directives.Values;

    /// <summary>Lets attributes of the class be directives of the schema.</summary>
    public void Know(Type attribute, MappedDirective directive) => directives.Add(attribute, directive);

    public static string? DescriptionOf(ICustomAttributeProvider element) =>
        Find<GraphQLDescriptionAttribute>(element)?.Description;

    /// <summary>
    /// Why the element is deprecated: [GraphQLDeprecated], or what C# itself says; null when it is not.
    /// </summary>
    public static string? DeprecationOf(ICustomAttributeProvider element) =>
        Find<GraphQLDeprecatedAttribute>(element)?.Reason ??
        (Find<ObsoleteAttribute>(element) is { } obsolete ? obsolete.Message ?? DirectiveType.NoReason : null);

    /// <summary>The directives of the application that stand on an element.</summary>
    public IReadOnlyList<AppliedDirective> AppliedTo(
        ICustomAttributeProvider element, DirectiveLocation location, string place)
    {
        if (directives.Count == 0)
            return [];
        List<AppliedDirective> applied = [];
        foreach (var attribute in element.GetCustomAttributes(inherit: false).OfType<Attribute>())
        {
            if (!directives.TryGetValue(attribute.GetType(), out var directive))
                continue;
            var type = directive.Type;
            var name = DirectiveLocations.NameOf(location);
            if (!type.Locations.Contains(name, StringComparer.Ordinal))
                problems.Add(place, $"the directive @{type.Name} may not stand on {name}.");
            if (!type.IsRepeatable && applied.Any(other => other.Type == type))
                problems.Add(place, $"the directive @{type.Name} may stand there once only.");
            applied.Add(new AppliedDirective(directive, attribute));
        }

        return applied;
    }

    private static T? Find<T>(ICustomAttributeProvider element) where T : Attribute =>
        element.GetCustomAttributes(typeof(T), inherit: false).OfType<T>().FirstOrDefault();
}
