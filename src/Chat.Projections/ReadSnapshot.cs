using System.Runtime.ExceptionServices;
using Npgsql;

namespace Chat.Projections;

/// <summary>The connections that snapshots are held on.</summary>
public sealed class SnapshotSource(NpgsqlDataSource database) : IAsyncDisposable
{
    internal NpgsqlDataSource Database { get; } = database;

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

/// <summary>
/// What one operation sees of the read models: a single database snapshot, taken at the first read. So all parts of an
/// answer reflect the same position of the log, and a client can go on from there with events. Reads of one snapshot
/// run one at a time.
/// </summary>
public sealed class ReadSnapshot(SnapshotSource source) : IAsyncDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;
    private ExceptionDispatchInfo? _failure;

    public async Task<List<T>> QueryAsync<T>(
        string sql, IReadOnlyList<NpgsqlParameter> parameters, Func<NpgsqlDataReader, T> map, CancellationToken ct)
    {
        await _oneAtATime.WaitAsync(ct);
        try
        {
            // A snapshot that failed once is gone: later reads of the same answer fail for the same reason.
            _failure?.Throw();
            var isFirst = _transaction is null;
            try
            {
                return await ReadAsync(sql, parameters, map, ct);
            }
            catch (NpgsqlException e) when (isFirst && IsBrokenConnection(e))
            {
                // The pool's connections broke while nobody used them. Nothing was read yet, so a new one may do it.
                source.Database.Clear();
                await EndAsync();
                return await ReadAsync(sql, [.. parameters.Select(parameter => parameter.Clone())], map, ct);
            }
        }
        catch (Exception e) when (_failure is null)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            await EndAsync();
            throw;
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

    /// <summary>
    /// The next read takes a new snapshot: a command calls this when what it wrote has been projected.
    /// </summary>
    public async Task RenewAsync()
    {
        await _oneAtATime.WaitAsync();
        try
        {
            _failure = null;
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

    private async Task<List<T>> ReadAsync<T>(
        string sql, IReadOnlyList<NpgsqlParameter> parameters, Func<NpgsqlDataReader, T> map, CancellationToken ct)
    {
        await BeginAsync(ct);
        await using var command = new NpgsqlCommand(sql, _connection, _transaction);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(map(reader));
        return rows;
    }

    private async Task BeginAsync(CancellationToken ct)
    {
        if (_transaction is not null)
            return;
        _connection = await source.Database.OpenConnectionAsync(ct);
        _transaction = await _connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
    }

    // A refusal of the server and a wait in vain would only be repeated.
    private static bool IsBrokenConnection(NpgsqlException e) =>
        e is not PostgresException and not { InnerException: TimeoutException };

    private async Task EndAsync()
    {
        var (connection, transaction) = (_connection, _transaction);
        (_connection, _transaction) = (null, null);
        try
        {
            if (transaction is not null)
                await transaction.DisposeAsync();
        }
        catch (NpgsqlException)
        {
            // There is nothing to lose in a snapshot; a broken connection does not go back to the pool.
            return;
        }
        finally
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }
}
