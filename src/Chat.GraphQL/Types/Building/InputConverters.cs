using System.Globalization;
using System.Reflection;

namespace Chat.GraphQL;

/// <summary>
/// Makes the functions that turn coerced values into the C# type of one place: an argument, an input field, an item.
/// </summary>
internal static class InputConverters
{
    private static readonly MethodInfo ToArrayMethod = Method(nameof(ToArray));
    private static readonly MethodInfo ToListMethod = Method(nameof(ToList));
    private static readonly MethodInfo ToOptionalMethod = Method(nameof(ToOptional));

    /// <summary>The function; null when coerced values have that type already.</summary>
    public static Func<object?, object?>? For(ClrTypeShape shape, GraphQLType type)
    {
        var convert = shape.Element is { } element
            ? ForList(shape, element, ((ListType)type.Nullable).OfType)
            : ForValue(shape.Value, type.Named);
        if (!shape.IsOptional)
            return convert;
        return Create(ToOptionalMethod, shape.Clr, convert);
    }

    /// <summary>Whether lists can be given as the C# type: a <see cref="List{T}"/>, or what an array is.</summary>
    public static bool CanMakeList(ClrTypeShape shape) =>
        IsList(shape) || shape.Clr.IsAssignableFrom(shape.Element!.Clr.MakeArrayType());

    private static bool IsList(ClrTypeShape shape) =>
        shape.Clr.IsGenericType && shape.Clr.GetGenericTypeDefinition() == typeof(List<>);

    private static Func<object?, object?> ForList(ClrTypeShape shape, ClrTypeShape element, GraphQLType itemType)
    {
        var convert = For(element, itemType);
        return Create(IsList(shape) ? ToListMethod : ToArrayMethod, element.Clr, convert);
    }

    private static Func<object?, object?>? ForValue(Type clr, NamedType type)
    {
        if (type == Scalars.Float && clr == typeof(float))
            return value => value is double number ? (float)number : null;
        if (type != Scalars.ID || clr == typeof(string))
            return null;
        return value => value is string text ? ParseID(text, clr) : null;
    }

    private static object ParseID(string text, Type clr)
    {
        if (clr == typeof(Guid) && Guid.TryParseExact(text, "D", out var id))
            return id;
        if (clr != typeof(Guid) && !text.StartsWith('+') &&
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            if (clr == typeof(long))
                return number;
            if (number is >= int.MinValue and <= int.MaxValue)
                return (int)number;
        }

        throw new GraphQLException($"ID cannot represent value: {Printer.PrintString(text)}", ErrorCodes.InvalidInput);
    }

    private static Func<object?, object?> ToArray<T>(Func<object?, object?>? convert) =>
        value => value is object?[] items ? Array.ConvertAll(items, item => Cast<T>(item, convert)) : null;

    private static Func<object?, object?> ToList<T>(Func<object?, object?>? convert) =>
        value => value is object?[] items ? items.Select(item => Cast<T>(item, convert)).ToList() : null;

    private static Func<object?, object?> ToOptional<T>(Func<object?, object?>? convert) => value =>
        ReferenceEquals(value, InputValue.Absent) ? default(Optional<T>) : new Optional<T>(Cast<T>(value, convert));

    private static T Cast<T>(object? value, Func<object?, object?>? convert) =>
        (T)(convert is null ? value : convert(value))!;

    private static Func<object?, object?> Create(MethodInfo method, Type type, Func<object?, object?>? convert) =>
        (Func<object?, object?>)method.MakeGenericMethod(type).Invoke(null, [convert])!;

    private static MethodInfo Method(string name) =>
        typeof(InputConverters).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
}
