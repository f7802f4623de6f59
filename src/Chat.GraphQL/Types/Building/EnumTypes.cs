using System.Reflection;

namespace Chat.GraphQL;

/// <summary>Maps C# enums to enum types (specification 3.9), which serve input and output alike.</summary>
internal sealed class EnumTypes(Elements elements, SchemaProblems problems)
{
    private static readonly string[] Literals = ["true", "false", "null"];

    private readonly Dictionary<Type, EnumType> enums = [];

    public IEnumerable<NamedType> All => enums.Values;

    public EnumType Map(Type clr)
    {
        if (!enums.TryGetValue(clr, out var type))
        {
            var name = Names.Of(clr);
            var place = SchemaProblems.Place(name, SchemaProblems.NameOf(clr));
            type = new EnumType(name, Members(clr, name))
            {
                Description = Elements.DescriptionOf(clr),
                Origin = SchemaProblems.NameOf(clr),
                Applied = elements.AppliedTo(clr, DirectiveLocation.Enum, place),
            };
            enums.Add(clr, type);
        }

        return type;
    }

    private List<EnumMember> Members(Type clr, string type)
    {
        var members = new List<EnumMember>();
        foreach (var field in clr.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (field.IsDefined(typeof(GraphQLIgnoreAttribute)))
                continue;
            var name = Names.OfEnumValue(field);
            var value = field.GetValue(null)!;
            var place = SchemaProblems.Place($"{type}.{name}", SchemaProblems.NameOf(field));
            if (!Names.IsValid(name) || Names.IsReserved(type, name) || Literals.Contains(name, StringComparer.Ordinal))
                problems.Add(place, $"{name} is not a name for an enum value.");
            if (members.Any(member => member.Name == name))
            {
                problems.Add(place, "there is another value of that name.");
            }
            else if (members.Find(member => member.Value.Equals(value)) is { } same)
            {
                problems.Add(
                    place, $"it is the same number as {same.Name}; leave one of them out with [GraphQLIgnore].");
            }
            else
            {
                members.Add(Member(field, name, value, place));
            }
        }

        return members;
    }

    private EnumMember Member(FieldInfo field, string name, object value, string place) =>
        new(name, value, Elements.DescriptionOf(field), Elements.DeprecationOf(field))
        {
            Applied = elements.AppliedTo(field, DirectiveLocation.EnumValue, place),
        };
}
