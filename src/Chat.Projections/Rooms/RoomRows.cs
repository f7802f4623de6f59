using Chat.EventStore;
using Npgsql;

namespace Chat.Projections.Rooms;

/// <summary>A column of <see cref="RoomRows{TRow}"/>, and its values for rows as an array.</summary>
internal sealed record RowColumn<TRow>(string Name, Func<IEnumerable<TRow>, object> Values);

/// <summary>
/// What events make of rows that are known by their room and one more id: of all that is said about a row, the last
/// counts. Null: it is gone.
/// </summary>
internal sealed class RoomRows<TRow>(string table, string keyColumn, params RowColumn<TRow>[] columns)
    where TRow : class
{
    private readonly Dictionary<(Guid Room, Guid Key), TRow?> _last = [];

    public TRow? this[Guid room, Guid key]
    {
        get => _last.GetValueOrDefault((room, key));
        set => _last[(room, key)] = value;
    }

    public IEnumerable<(Guid Room, TRow Row)> Present =>
        _last.Where(entry => entry.Value is not null).Select(entry => (entry.Key.Room, entry.Value!));

    /// <summary>Marks as gone what no longer holds.</summary>
    public void RemoveWhere(Guid room, Func<TRow, bool> condition)
    {
        foreach (var (key, row) in _last)
        {
            if (key.Room == room && row is not null && condition(row))
                _last[key] = null;
        }
    }

    /// <summary>
    /// Replaces the rows. <paramref name="delete"/>: makes a command of the statement that deletes what was there,
    /// which has the parameters $1 and $2 and returns the rows.
    /// </summary>
    public void Enqueue(ProjectionTransaction transaction, Func<string, NpgsqlBatchCommand>? delete = null)
    {
        if (_last.Count == 0)
            return;
        var deleteSql =
            $"""
            delete from {transaction.Schema}.{table} one using unnest($1, $2) gone (room_id, key)
            where one.room_id = gone.room_id and one.{keyColumn} = gone.key
            """;
        var command = delete?.Invoke($"{deleteSql} returning one.*") ?? new NpgsqlBatchCommand(deleteSql);
        command.Parameters.Insert(0, new NpgsqlParameter { Value = _last.Keys.Select(key => key.Room).ToArray() });
        command.Parameters.Insert(1, new NpgsqlParameter { Value = _last.Keys.Select(key => key.Key).ToArray() });
        transaction.Enqueue(command);

        var present = _last.Where(entry => entry.Value is not null).ToList();
        if (present.Count > 0)
            transaction.Enqueue(Insert(transaction.Schema, present));
    }

    private NpgsqlBatchCommand Insert(string schema, List<KeyValuePair<(Guid Room, Guid Key), TRow?>> present)
    {
        string[] names = ["room_id", keyColumn, .. columns.Select(column => column.Name)];
        var parameters = string.Join(", ", names.Select((_, i) => $"${i + 1}"));
        object[] values =
        [
            present.Select(entry => entry.Key.Room).ToArray(),
            present.Select(entry => entry.Key.Key).ToArray(),
            .. columns.Select(column => column.Values(present.Select(entry => entry.Value!))),
        ];
        return Sql.Command(
            $"insert into {schema}.{table} ({string.Join(", ", names)}) select * from unnest({parameters})", values);
    }
}
