using System.Globalization;
using System.Text;

namespace Chat.GraphQL.Oracle;

/// <summary>An object of the oracle: the number that made it, and for abstract types the name of its type.</summary>
internal sealed record OracleValue(long Seed, string? TypeName = null);

/// <summary>
/// The resolvers of tests/graphql-oracle/oracle.cjs: pure functions of the parent's seed and the arguments.
/// </summary>
internal static class OracleValues
{
    public static object? Resolve(
        string type, string field, GraphQLType fieldType, object? parent, SortedDictionary<string, object?> arguments)
    {
        var seed = (parent as OracleValue)?.Seed ?? 0;
        return Value(fieldType, Fnv($"{Text(seed)}|{type}.{field}|{Canonical(arguments)}"));
    }

    private static object? Value(GraphQLType type, long h)
    {
        if (type is NonNullType nonNull)
        {
            if (h % 23 == 0)
                throw new InvalidOperationException($"boom {Text(h)}");
            if (h % 29 == 0)
                return null;
            // JavaScript multiplies in double precision and "| 1" makes a signed 32-bit number.
            return Value(nonNull.OfType, (int)((uint)(ulong)(h * 2654435761.0) | 1));
        }

        if (h % 19 == 0)
            return null;
        if (h % 31 == 0)
            throw new InvalidOperationException($"boom {Text(h)}");
        if (type is not ListType list)
            return LeafOrObject(type, h);
        return Items(h % 4, i =>
        {
            var k = Fnv($"{Text(h)}:{i}");
            return k % 13 == 0 ? null : LeafOrObject(list.OfType.Nullable, k);
        });
    }

    private static object? LeafOrObject(GraphQLType type, long h) => type switch
    {
        ListType list => Items(h % 3, i => LeafOrObject(list.OfType.Nullable, Fnv($"{Text(h)}:{i}"))),
        EnumType @enum => h % @enum.Members.Count is >= 0 and var index
            ? @enum.Members[(int)index].Value
            : throw new InvalidOperationException("Cannot read properties of undefined (reading 'value')"),
        ScalarType { Name: "Int" } => (int)(h % 200001) - 100000,
        ScalarType { Name: "Float" } => h % 1000 / 8.0,
        ScalarType { Name: "Boolean" } => (h & 1) == 0,
        ScalarType { Name: "ID" } => $"id{Text(h % 1000)}",
        ScalarType => $"s\u00e9\"\\\n{Text(h % 1000)}",
        ObjectType @object => new OracleValue(h, @object.Name),
        CompositeType composite => new OracleValue(h, TypeName(composite, h)),
        _ => throw new InvalidOperationException(type.ToString()),
    };

    private static string? TypeName(CompositeType type, long h)
    {
        var names = type.PossibleTypes.Select(possible => possible.Name).Order(StringComparer.Ordinal).ToArray();
        return names.Length > 0 && h % names.Length is >= 0 and var index ? names[index] : null;
    }

    private static List<object?> Items(long count, Func<int, object?> item) =>
        [.. Enumerable.Range(0, (int)Math.Max(count, 0)).Select(item)];

    private static long Fnv(string text)
    {
        var hash = 0x811c9dc5u;
        foreach (var b in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ b) * 0x01000193u;
        return hash;
    }

    /// <summary>The value as JSON of JavaScript, with sorted keys.</summary>
    private static string Canonical(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> input => "{" + string.Join(
            ',', input.Select(pair => JsonText.Quote(pair.Key) + ":" + Canonical(pair.Value))) + "}",
        object?[] items => $"[{string.Join(',', items.Select(Canonical))}]",
        string text => JsonText.Quote(text),
        bool boolean => boolean ? "true" : "false",
        int number => Text(number),
        double number when double.IsFinite(number) => JsonText.Number(number),
        _ => "null",
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
