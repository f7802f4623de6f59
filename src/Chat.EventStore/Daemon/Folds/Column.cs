using System.Linq.Expressions;
using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>A column of a projection's table and the part of a row that goes there.</summary>
internal abstract class Column<TRow>(string name, ColumnType type, bool isNullable)
{
    public string Name { get; } = name;

    public string Quoted => $"\"{Name}\"";

    public string Ddl => $"{Quoted} {type.Sql}{(isNullable ? "" : " NOT NULL")}";

    /// <summary>The column of all rows, as an array parameter.</summary>
    public abstract NpgsqlParameter Array(IReadOnlyList<TRow> rows);

    /// <summary>The column of one row, in binary <c>COPY</c>.</summary>
    public abstract Task CopyAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken);

    /// <summary>The column of a part of the row.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="row">The parameter of <paramref name="value"/>.</param>
    /// <param name="value">The part of the row.</param>
    /// <param name="isNullable">Whether the column takes null.</param>
    public static Column<TRow> Of(string name, ParameterExpression row, Expression value, bool isNullable)
    {
        var type = ColumnType.Of(value.Type);
        var stored = type.ToStored(value);
        var get = Expression.Lambda(stored, row).Compile();
        return (Column<TRow>)Activator.CreateInstance(
            typeof(Column<,>).MakeGenericType(typeof(TRow), stored.Type), name, type, isNullable, get)!;
    }
}

/// <summary>A column whose values the driver is given as <typeparamref name="TStored"/>.</summary>
internal sealed class Column<TRow, TStored>(string name, ColumnType type, bool isNullable, Func<TRow, TStored> get)
    : Column<TRow>(name, type, isNullable)
{
    private readonly NpgsqlDbType element = type.DbType;

    public override NpgsqlParameter Array(IReadOnlyList<TRow> rows)
    {
        var values = new TStored[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = get(rows[i]);
        return new NpgsqlParameter<TStored[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };
    }

    public override Task CopyAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken)
    {
        var value = get(row);
        return value is null
            ? importer.WriteNullAsync(cancellationToken)
            : importer.WriteAsync(value, element, cancellationToken);
    }
}
