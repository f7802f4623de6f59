using System.Data;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// A connection whose commits are never cancelled. PostgreSQL answers a cancel during the wait for synchronous
/// replication with success and a warning, for a row that may be lost. So there is no command timeout and no token;
/// past its deadline the socket is dropped, and after such a warning the commit counts as not acknowledged.
/// </summary>
internal sealed class DurableConnection : IAsyncDisposable
{
    private const string Warning = "01000";
    private const string ClientCheckUnsupported = "22023";

    // Plans of appends are generic and use indexes: they are cached while the tables are small, and kept when they are
    // not. Of the timeouts only that of statements is at work during the wait for replication, where it would cancel
    // like anybody else. A transaction of ours is never idle for long, and while it lasts it holds the lock of all
    // writers: the server ends one whose process hangs, or whose machine is gone, within 5 s. Whatever the defaults of
    // the database or the role say, a commit here waits for the disk and the standbys, and a batch sees what was
    // committed before it got the lock.
    private const string Settings =
        """
        SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = '5s';
        SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2;
        SET default_transaction_isolation = 'read committed';
        SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off;
        SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') <> 'remote_apply'
        """;

    private readonly TimeProvider clock;
    private readonly bool keepsSettings;
    private bool warned;

    private DurableConnection(NpgsqlConnection connection, TimeProvider clock, bool keepsSettings)
    {
        this.clock = clock;
        this.keepsSettings = keepsSettings;
        Connection = connection;
        connection.Notice += (_, notice) => warned |= notice.Notice.SqlState == Warning;
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>Opens a connection. Nothing is at stake yet, so this alone may be cancelled.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be reached.</exception>
    public static Task<DurableConnection> OpenAsync(
        NpgsqlDataSource dataSource, TimeProvider clock, TimeSpan deadline, CancellationToken cancellationToken) =>

        // A connection that is opened in the caller's TransactionScope would become part of it, and what is committed
        // and answered here would end with it.
        BackgroundLoop.Run(() => OpenApartAsync(dataSource, clock, deadline, cancellationToken));

    private static async Task<DurableConnection> OpenApartAsync(
        NpgsqlDataSource dataSource, TimeProvider clock, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await dataSource.OpenConnectionAsync(either.Token);
            await ExecuteAsync(connection, Settings, either.Token);
            await NoticeDroppedSocketsAsync(connection, either.Token);
            var settings = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
            return new(connection, clock, settings.NoResetOnClose);
        }
        catch (Exception e)
        {
            if (connection is not null)
                await connection.DisposeAsync();
            if (Outage.Is(e) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                throw new StoreUnavailableException("The store cannot be reached.", e);
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/>, which ends with a commit.</summary>
    /// <exception cref="StoreUnavailableException">
    /// It is not known, or not certain, that the commit will last.
    /// </exception>
    /// <exception cref="PostgresException">The server refused; nothing was committed.</exception>
    public async Task<T> CommitAsync<T>(Func<NpgsqlConnection, Task<T>> work, TimeSpan deadline)
    {
        warned = false;
        var running = work(Connection);
        try
        {
            var result = await running.WaitAsync(deadline, clock);
            return warned
                ? throw new StoreUnavailableException("The commit was not confirmed by the synchronous standbys.")
                : result;
        }
        catch (TimeoutException e) when (!running.IsCompleted)
        {
            Drop(e);
            await running.ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
            throw new StoreUnavailableException($"The commit was not confirmed within {deadline}.", e);
        }
        catch (NpgsqlException e) when (e is not PostgresException || Connection.State != ConnectionState.Open)
        {
            throw new StoreUnavailableException("The connection was lost before the commit was confirmed.", e);
        }
    }

    /// <summary>Drops the socket, so that the connection does not go back to its pool.</summary>
    public void Drop(Exception reason) => NpgsqlSocket.Drop(Connection, reason);

    public async ValueTask DisposeAsync()
    {
        // Where the pool does not clean up, the next user of the connection would go on with our settings.
        if (keepsSettings && Connection.State == ConnectionState.Open)
            Drop(new StoreUnavailableException("The connection has settings of its own."));
        await Connection.DisposeAsync();
    }

    // A backend that waits for a lock notices then that its client is gone; without, dropped sockets would pile up
    // there.
    private static async Task NoticeDroppedSocketsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, "SET client_connection_check_interval = '2s'", cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == ClientCheckUnsupported)
        {
            // Servers on some platforms cannot check. They find out when they write to the socket.
            return;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
