using System.Globalization;

namespace Chat.GraphQL;

/// <summary>Makes the literal of a C# value, for defaults.</summary>
internal static class Literals
{
    /// <summary>The literal; null when the type cannot express the value.</summary>
    public static ValueNode? Of(object? value, GraphQLType type)
    {
        if (value is null)
            return type is NonNullType ? null : new NullValueNode(0);
        return type.Nullable switch
        {
            ListType list => OfList(value, list),
            EnumType @enum => OfEnum(Member(value, @enum), @enum),
            CustomScalar scalar when scalar.ClrType.IsInstanceOfType(value) => scalar.LiteralOf(value),
            ScalarType => value switch
            {
                string text => new StringValueNode(0, text),
                bool boolean => new BooleanValueNode(0, boolean),
                int or long => new IntValueNode(0, Convert.ToString(value, CultureInfo.InvariantCulture)!),
                double or float => new FloatValueNode(0, Convert.ToString(value, CultureInfo.InvariantCulture)!),
                Guid id => new StringValueNode(0, id.ToString()),
                _ => null,
            },
            _ => null,
        };
    }

    private static ListValueNode? OfList(object value, ListType type)
    {
        if (value is not System.Collections.IEnumerable items)
            return null;
        var literals = items.Cast<object?>().Select(item => Of(item, type.OfType)).ToArray();
        return literals.Any(literal => literal is null) ? null : new ListValueNode(0, literals!);
    }

    private static EnumValueNode? OfEnum(object value, EnumType type)
    {
        var member = type.Members.FirstOrDefault(candidate => candidate.Value.Equals(value));
        return member is null ? null : new EnumValueNode(0, member.Name);
    }

    /// <summary>Reflection gives the default of a nullable enum parameter as its number.</summary>
    private static object Member(object value, EnumType type) =>
        value.GetType().IsEnum || type.Members.Count == 0 || !type.Members[0].Value.GetType().IsEnum
            ? value
            : Enum.ToObject(type.Members[0].Value.GetType(), value);
}
