using System.Reflection;

namespace Chat.GraphQL;

/// <summary>What is wrong with a schema: each problem says where, in the schema and in C#.</summary>
internal sealed class SchemaProblems
{
    private readonly List<string> found = [];

    public int Count => found.Count;

    public IReadOnlyList<string> All => found;

    public void Add(string place, string text) => found.Add($"{place}: {text}");

    public void Add(MemberInfo member, string text) => Add(NameOf(member), text);

    /// <summary>An element of the schema with its origin: "Room.name (RoomView.Name)".</summary>
    public static string Place(object element, string? origin)
    {
        var name = element.ToString()!;
        return origin is null || origin == name ? name : $"{name} ({origin})";
    }

    public static string Place(NamedType type) => Place(type, type.Origin);

    public static string Place(Field field) => Place(field, field.Origin);

    public static string Place(InputValue input) => Place(input, input.Origin);

    /// <summary>A C# member as people write it.</summary>
    public static string NameOf(MemberInfo member) => member switch
    {
        Type { IsGenericType: true } type =>
            $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>",
        Type type => type.Name,
        _ => $"{NameOf(member.DeclaringType!)}.{member.Name}",
    };

    public static string NameOf(ParameterInfo parameter) => $"{NameOf(parameter.Member)}({parameter.Name})";

    public void ThrowIfAny()
    {
        if (found.Count > 0)
            throw new GraphQLSchemaException(found);
    }
}
