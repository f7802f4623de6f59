using System.Reflection;

namespace Chat.GraphQL;

/// <summary>Makes the completions (specification 6.4.3) for fields of a C# type.</summary>
internal static class Completions
{
    private static readonly MethodInfo EnumWriter = typeof(LeafWriters).GetMethod(nameof(LeafWriters.Enum))!;
    private static readonly MethodInfo NullableWriter = typeof(LeafWriters).GetMethod(nameof(LeafWriters.Nullable))!;

    /// <summary>A <see cref="Completion{T}"/> of the shape's C# type.</summary>
    public static object For(ClrTypeShape shape, GraphQLType type)
    {
        var isNonNull = type is NonNullType;
        if (type.Nullable is ListType list)
        {
            return Create(
                typeof(ListCompletion<,>), [shape.Clr, shape.Element!.Clr],
                isNonNull, For(shape.Element, list.OfType));
        }

        return type.Nullable is CompositeType composite
            ? Create(typeof(ObjectCompletion<>), [shape.Clr], isNonNull, composite)
            : Create(typeof(LeafCompletion<>), [shape.Clr], isNonNull, Writer(shape.Clr, (NamedType)type.Nullable));
    }

    private static object Writer(Type clr, NamedType type)
    {
        var value = Nullable.GetUnderlyingType(clr) ?? clr;
        var writer = type is EnumType
            ? EnumWriter.MakeGenericMethod(value).Invoke(null, [type])!
            : type is CustomScalar custom ? custom.Writer : LeafWriters.Of((ScalarType)type, value)!;
        return value == clr ? writer : NullableWriter.MakeGenericMethod(value).Invoke(null, [writer])!;
    }

    private static object Create(Type definition, Type[] arguments, params object[] values) =>
        Activator.CreateInstance(definition.MakeGenericType(arguments), values)!;
}
