using System.Reflection;

namespace Chat.GraphQL;

/// <summary>Maps C# enums to enum types (specification 3.9), which serve input and output alike.</summary>
internal sealed class EnumTypes
{
    private readonly Dictionary<Type, EnumType> enums = [];

    public IEnumerable<NamedType> All => enums.Values;

    public EnumType Map(Type clr)
    {
        if (!enums.TryGetValue(clr, out var type))
        {
            type = new EnumType(Names.Of(clr), [.. Members(clr)])
            {
                Description = clr.GetCustomAttribute<GraphQLDescriptionAttribute>(inherit: false)?.Description,
            };
            enums.Add(clr, type);
        }

        return type;
    }

    private static IEnumerable<EnumMember> Members(Type clr) =>
        from value in clr.GetFields(BindingFlags.Public | BindingFlags.Static)
        where !value.IsDefined(typeof(GraphQLIgnoreAttribute))
        select new EnumMember(
            Names.OfEnumValue(value),
            value.GetValue(null)!,
            value.GetCustomAttribute<GraphQLDescriptionAttribute>()?.Description,
            value.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason);
}
