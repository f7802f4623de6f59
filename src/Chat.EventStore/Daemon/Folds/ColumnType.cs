using System.Linq.Expressions;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>How values of a .NET type are kept in a column.</summary>
/// <param name="Stored">What the driver is given for a value that is not null.</param>
/// <param name="DbType">The driver's name of the column's type.</param>
/// <param name="Sql">PostgreSQL's name of it.</param>
internal sealed record ColumnType(Type Stored, NpgsqlDbType DbType, string Sql)
{
    private static readonly ColumnType Json = new(typeof(string), NpgsqlDbType.Jsonb, "jsonb");
    private static readonly ColumnType SmallInt = new(typeof(short), NpgsqlDbType.Smallint, "smallint");
    private static readonly ColumnType Integer = new(typeof(int), NpgsqlDbType.Integer, "integer");
    private static readonly ColumnType BigInt = new(typeof(long), NpgsqlDbType.Bigint, "bigint");

    private static readonly Dictionary<Type, ColumnType> Known = new()
    {
        [typeof(Guid)] = new(typeof(Guid), NpgsqlDbType.Uuid, "uuid"),
        [typeof(string)] = new(typeof(string), NpgsqlDbType.Text, "text"),
        [typeof(bool)] = new(typeof(bool), NpgsqlDbType.Boolean, "boolean"),
        [typeof(byte)] = SmallInt,
        [typeof(sbyte)] = SmallInt,
        [typeof(short)] = SmallInt,
        [typeof(ushort)] = Integer,
        [typeof(int)] = Integer,
        [typeof(uint)] = BigInt,
        [typeof(long)] = BigInt,
        [typeof(decimal)] = new(typeof(decimal), NpgsqlDbType.Numeric, "numeric"),
        [typeof(double)] = new(typeof(double), NpgsqlDbType.Double, "double precision"),
        [typeof(float)] = new(typeof(float), NpgsqlDbType.Real, "real"),
        [typeof(DateTimeOffset)] = new(typeof(DateTimeOffset), NpgsqlDbType.TimestampTz, "timestamptz"),
        [typeof(DateOnly)] = new(typeof(DateOnly), NpgsqlDbType.Date, "date"),
        [typeof(byte[])] = new(typeof(byte[]), NpgsqlDbType.Bytea, "bytea"),
    };

    /// <summary>Enums are kept by their number, what has no type of its own in PostgreSQL as JSON.</summary>
    public static ColumnType Of(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(DateTime) || plain == typeof(ulong))
            throw new NotSupportedException($"{plain} has no exact column: use DateTimeOffset or long.");
        return plain.IsEnum ? Of(Enum.GetUnderlyingType(plain)) : Known.GetValueOrDefault(plain, Json);
    }

    /// <summary>From a value to what the driver is given; null stays null.</summary>
    public Expression ToStored(Expression value)
    {
        if (this == Json)
            return Expression.Call(typeof(ColumnType), nameof(Serialize), [value.Type], value);
        if (value.Type == typeof(DateTimeOffset) || value.Type == typeof(DateTimeOffset?))
            return Expression.Call(typeof(ColumnType), nameof(ToUtc), null, value);
        if (!Stored.IsValueType)
            return value;
        var nullable = Nullable.GetUnderlyingType(value.Type) is not null;
        return Expression.Convert(value, nullable ? typeof(Nullable<>).MakeGenericType(Stored) : Stored);
    }

    /// <summary>From a column of the reader's row to a value of a type.</summary>
    public Expression FromStored(ParameterExpression reader, int ordinal, Type type)
    {
        var place = Expression.Constant(ordinal);
        var read = Expression.Call(reader, nameof(NpgsqlDataReader.GetFieldValue), [Stored], place);
        Expression value = this == Json
            ? Expression.Call(typeof(ColumnType), nameof(Deserialize), [type], read)
            : Expression.Convert(read, type);
        var isNull = Expression.Call(reader, nameof(NpgsqlDataReader.IsDBNull), null, place);
        return Expression.Condition(isNull, Expression.Default(type), value);
    }

    private static string? Serialize<T>(T value) => value is null ? null : JsonSerializer.Serialize(value);

    private static T? Deserialize<T>(string json) => JsonSerializer.Deserialize<T>(json);

    private static DateTimeOffset ToUtc(DateTimeOffset value) => value.ToUniversalTime();

    private static DateTimeOffset? ToUtc(DateTimeOffset? value) => value?.ToUniversalTime();
}
