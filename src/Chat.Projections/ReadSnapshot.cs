using Npgsql;

namespace Chat.Projections;

/// <summary>
/// What one operation sees of the read models: a single database snapshot, taken at the first read. So all parts of an answer
/// reflect the same position of the log, and a client can go on from there with events. Reads of one snapshot run one at a time.
/// </summary>
public sealed class ReadSnapshot(NpgsqlDataSource database) : IAsyncDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;

    public async Task<List<T>> QueryAsync<T>(
        string sql, IReadOnlyList<NpgsqlParameter> parameters, Func<NpgsqlDataReader, T> map, CancellationToken ct)
    {
        await _oneAtATime.WaitAsync(ct);
        try
        {
            var rows = new List<T>();
            await BeginAsync(ct);
            await using var command = new NpgsqlCommand(sql, _connection, _transaction);
            foreach (var parameter in parameters)
                command.Parameters.Add(parameter);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                rows.Add(map(reader));
            return rows;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public async Task<T?> QueryFirstAsync<T>(
        string sql, IReadOnlyList<NpgsqlParameter> parameters, Func<NpgsqlDataReader, T> map, CancellationToken ct)
    {
        var rows = await QueryAsync(sql, parameters, map, ct);
        return rows.Count == 0 ? default : rows[0];
    }

    /// <summary>The next read takes a new snapshot: a command calls this when what it wrote has been projected.</summary>
    public async Task RenewAsync()
    {
        await _oneAtATime.WaitAsync();
        try
        {
            await EndAsync();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _oneAtATime.Dispose();
    }

    private async Task BeginAsync(CancellationToken ct)
    {
        if (_transaction is not null)
            return;
        _connection = await database.OpenConnectionAsync(ct);
        _transaction = await _connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
    }

    private async Task EndAsync()
    {
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        if (_connection is not null)
            await _connection.DisposeAsync();
        _transaction = null;
        _connection = null;
    }
}
