using System.ComponentModel.DataAnnotations.Schema;
using System.Linq.Expressions;
using System.Reflection;
using Npgsql;

namespace Chat.EventStore;

/// <summary>A row of a projection's table.</summary>
/// <param name="Key">The primary key.</param>
/// <param name="Stamp">The version or sequence of the last event in it.</param>
/// <param name="Value">The other columns.</param>
internal readonly record struct KeyedRow<T, TId>(TId Key, long Stamp, T Value);

/// <summary>
/// The columns of a type's public properties: names in snake case, the key first. A property named like the key or the
/// stamp is that column. What can be neither set nor given to the constructor is written but not read back.
/// </summary>
internal sealed class RowShape<T, TId>
    where T : class
    where TId : notnull
{
    private static readonly ParameterExpression Row = Expression.Parameter(typeof(KeyedRow<T, TId>), "row");

    private readonly Dictionary<string, int> ordinals = new(StringComparer.Ordinal);

    /// <summary>Looks at the properties.</summary>
    /// <exception cref="NotSupportedException">The type has no such shape; the message says why.</exception>
    public RowShape(string key, string? stamp)
    {
        var columns = new List<Column<KeyedRow<T, TId>>>
        {
            Column<KeyedRow<T, TId>>.Of(
                key, Row, Expression.Property(Row, nameof(KeyedRow<,>.Key)), isNullable: false),
        };
        if (stamp is not null)
            columns.Add(Column<KeyedRow<T, TId>>.Of(
                stamp, Row, Expression.Property(Row, nameof(KeyedRow<,>.Stamp)), isNullable: false));
        ordinals[key] = 0;
        if (stamp is not null)
            ordinals[stamp] = 1;
        foreach (var property in Properties())
        {
            var name = NameOf(property);
            if (name == key || name == stamp)
            {
                Require(
                    property.PropertyType == (name == key ? typeof(TId) : typeof(long)),
                    $"the property {property.Name} is not of the type of the column {name}");
                continue;
            }

            Require(SqlName.IsIdentifier(name), $"the property {property.Name} gives no name of a column");
            Require(ordinals.TryAdd(name, columns.Count), $"two properties are the column {name}");
            columns.Add(Column<KeyedRow<T, TId>>.Of(
                name, Row, Expression.Property(Expression.Property(Row, nameof(KeyedRow<,>.Value)), property),
                IsNullable(property)));
        }

        Columns = columns;
    }

    public IReadOnlyList<Column<KeyedRow<T, TId>>> Columns { get; }

    /// <summary>
    /// Makes a value of the columns of a reader's row, which are in the order of <see cref="Columns"/>.
    /// </summary>
    public Func<NpgsqlDataReader, T> CompileReader()
    {
        var reader = Expression.Parameter(typeof(NpgsqlDataReader), "reader");
        var properties = Properties().ToList();
        var constructor = typeof(T).GetConstructors()
            .OrderByDescending(one => one.GetParameters().Length)
            .FirstOrDefault(one => one.GetParameters().All(given => PropertyOf(given) is not null));
        Require(constructor is not null, "it has no public constructor whose parameters are all properties");
        var parameters = constructor!.GetParameters();
        var given = parameters.Select(parameter => PropertyOf(parameter)!).ToHashSet();
        var made = Expression.New(constructor, parameters.Select(parameter => Read(PropertyOf(parameter)!)));
        var set = properties.Where(property => property.SetMethod is not null && !given.Contains(property))
            .Select(property => Expression.Bind(property, Read(property)));
        return Expression.Lambda<Func<NpgsqlDataReader, T>>(Expression.MemberInit(made, set), reader).Compile();

        PropertyInfo? PropertyOf(ParameterInfo parameter) => properties.Find(property =>
            string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
            && property.PropertyType == parameter.ParameterType);

        Expression Read(PropertyInfo property) => ColumnType.Of(property.PropertyType)
            .FromStored(reader, ordinals[NameOf(property)], property.PropertyType);
    }

    private static string NameOf(PropertyInfo property) => SqlName.Snake(property.Name);

    private static IEnumerable<PropertyInfo> Properties() => typeof(T)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetMethod is { IsPublic: true }
            && property.GetIndexParameters().Length == 0
            && property.GetCustomAttribute<NotMappedAttribute>() is null);

    private static bool IsNullable(PropertyInfo property) => property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : new NullabilityInfoContext().Create(property).ReadState != NullabilityState.NotNull;

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
            throw new NotSupportedException($"{typeof(T)} cannot be a row: {sentence}.");
    }
}
