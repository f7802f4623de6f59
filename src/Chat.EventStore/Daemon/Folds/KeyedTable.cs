using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>
/// The SQL of a projection's table: rows go there a page at a time, each column as one array. The schema is given with
/// each call, because a rebuild writes to another one.
/// </summary>
internal sealed class KeyedTable<T, TId>
    where T : class
    where TId : notnull
{
    // A server that is busy with checkpoints is no failure; one that says nothing for so long is.
    private static readonly TimeSpan CopyPatience = TimeSpan.FromMinutes(10);

    private readonly string table;
    private readonly string key;
    private readonly IReadOnlyList<TableIndex> indexes;
    private readonly RowShape<T, TId> shape;
    private readonly string columns;
    private readonly string arrays;
    private readonly string updates;
    private readonly Lazy<Func<NpgsqlDataReader, T>> read;

    /// <summary>Makes the SQL; the database is not looked at.</summary>
    /// <exception cref="NotSupportedException">The type cannot be a row.</exception>
    /// <exception cref="ArgumentException">A name is none, or that of no column.</exception>
    public KeyedTable(string table, string key, string? stamp, IReadOnlyList<TableIndex> indexes)
    {
        (this.table, this.key, this.indexes) = (table, key, indexes);
        shape = new(key, stamp);
        columns = string.Join(", ", shape.Columns.Select(column => column.Quoted));
        arrays = string.Join(", ", shape.Columns.Select((_, i) => $"${i + 1}"));
        updates = string.Join(
            ", ", shape.Columns.Skip(1).Select(column => $"{column.Quoted} = excluded.{column.Quoted}"));
        read = new(shape.CompileReader);
        if (!SqlName.IsIdentifier(table))
            throw new ArgumentException($"'{table}' is no lower-case SQL identifier.", nameof(table));
        foreach (var column in indexes.SelectMany(index => index.Columns))
        {
            if (shape.Columns.All(known => known.Name != column))
                throw new ArgumentException($"{typeof(T)} has no column {column} to index.", nameof(indexes));
        }
    }

    /// <summary>The table with its key, where it is missing.</summary>
    public string Create(string schema) =>
        $"CREATE TABLE IF NOT EXISTS {In(schema)} ({ColumnsDdl()}, CONSTRAINT {KeyName} PRIMARY KEY (\"{key}\"))";

    /// <summary>The table without its key: rows are copied faster, and the key is made of all at once.</summary>
    public string CreateBare(string schema) => $"CREATE TABLE {In(schema)} ({ColumnsDdl()})";

    public string CreateKey(string schema) =>
        $"ALTER TABLE {In(schema)} ADD CONSTRAINT {KeyName} PRIMARY KEY (\"{key}\")";

    public IEnumerable<string> CreateIndexes(string schema) => indexes.Select(index =>
    {
        var quoted = string.Join(", ", index.Columns.Select(column => $"\"{column}\""));
        var name = $"{table}_by_{string.Join('_', index.Columns)}";
        name = name.Length > SqlName.MaxLength ? name[..SqlName.MaxLength] : name;
        return $"CREATE {(index.IsUnique ? "UNIQUE " : "")}INDEX IF NOT EXISTS \"{name}\" ON {In(schema)} ({quoted})";
    });

    /// <summary>The values of these keys, where there are any.</summary>
    public async Task LoadAsync(
        NpgsqlConnection connection,
        string schema,
        TId[] keys,
        Action<TId, T> found,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {columns} FROM {In(schema)} WHERE \"{key}\" = ANY ($1)", connection);
        command.Parameters.Add(Keys(keys));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            found(reader.GetFieldValue<TId>(0), read.Value(reader));
    }

    public NpgsqlBatchCommand Insert(string schema, IReadOnlyList<KeyedRow<T, TId>> rows) =>
        With(rows, $"INSERT INTO {In(schema)} ({columns}) SELECT * FROM unnest({arrays})");

    public NpgsqlBatchCommand Upsert(string schema, IReadOnlyList<KeyedRow<T, TId>> rows) => With(
        rows,
        $"""
        INSERT INTO {In(schema)} ({columns}) SELECT * FROM unnest({arrays})
        ON CONFLICT ("{key}") DO UPDATE SET {updates}
        """);

    public NpgsqlBatchCommand Delete(string schema, TId[] keys) =>
        new($"DELETE FROM {In(schema)} WHERE \"{key}\" = ANY ($1)") { Parameters = { Keys(keys) } };

    /// <summary>Adds rows in bulk, in a transaction that does not wait for the disk.</summary>
    public async Task CopyAsync(
        NpgsqlConnection connection,
        string schema,
        IEnumerable<KeyedRow<T, TId>> rows,
        CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.RunAsync("SET LOCAL synchronous_commit = off", cancellationToken);
        await using (var importer = await connection.BeginBinaryImportAsync(
            $"COPY {In(schema)} ({columns}) FROM STDIN (FORMAT binary)", cancellationToken))
        {
            importer.Timeout = CopyPatience;
            foreach (var row in rows)
            {
                await importer.StartRowAsync(cancellationToken);
                foreach (var column in shape.Columns)
                    await column.CopyAsync(importer, row, cancellationToken);
            }

            await importer.CompleteAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private string KeyName => $"\"{table}_pkey\"";

    private string In(string schema) => $"{schema}.\"{table}\"";

    private string ColumnsDdl() => string.Join(", ", shape.Columns.Select(column => column.Ddl));

    private static NpgsqlParameter<TId[]> Keys(TId[] keys) => new()
    {
        TypedValue = keys,
        NpgsqlDbType = NpgsqlDbType.Array | ColumnType.Of(typeof(TId)).DbType,
    };

    private NpgsqlBatchCommand With(IReadOnlyList<KeyedRow<T, TId>> rows, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in shape.Columns)
            command.Parameters.Add(column.Array(rows));
        return command;
    }
}
