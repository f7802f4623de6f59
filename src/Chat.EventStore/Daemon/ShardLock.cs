using System.Data;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// The lock of a shard, or of a rebuild, and the connection that holds it: who loses the connection has lost the lock,
/// and with it whatever was not committed.
/// </summary>
internal sealed class ShardLock : IAsyncDisposable
{
    private const string ClientCheckUnsupported = "22023";

    // An owner whose machine is gone does not close its socket. These make the server find out within 3 s, whether it
    // waits for the owner or the owner's acknowledgement of what it sent.
    private const string Settings =
        """
        SET tcp_keepalives_idle = 1; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2;
        SET tcp_user_timeout = 3000
        """;

    // A backend that is at work or waits for a lock when its client dies would hold ours for as long.
    private const string NoticeDroppedSockets = "SET client_connection_check_interval = '1s'";

    // The connection's next user knows nothing of them.
    private const string CleanUp =
        """
        RESET tcp_keepalives_idle; RESET tcp_keepalives_interval; RESET tcp_keepalives_count; RESET tcp_user_timeout;
        RESET client_connection_check_interval
        """;

    private readonly long key;

    private ShardLock(NpgsqlConnection connection, long key) => (Connection, this.key) = (connection, key);

    public NpgsqlConnection Connection { get; }

    /// <summary>Takes the lock on this connection; null when somebody else has it.</summary>
    public static async Task<ShardLock?> TryTakeAsync(
        NpgsqlConnection connection, long key, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({key})", connection);
            if (await command.ExecuteScalarAsync(cancellationToken) is not true)
                return null;
            await ExecuteAsync(connection, Settings, cancellationToken);
            await NoticeDroppedSocketsAsync(connection, cancellationToken);
            return new(connection, key);
        }
        catch (Exception e)
        {
            // The lock may have been granted all the same, and must not lie in the pool.
            NpgsqlSocket.Drop(connection, e);
            throw;
        }
    }

    /// <summary>Gives the lock back, and the connection its settings; both are gone where that fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Connection.State != ConnectionState.Open)
            return;
        try
        {
            await ExecuteAsync(Connection, $"SELECT pg_advisory_unlock({key}); {CleanUp}", CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            NpgsqlSocket.Drop(Connection, e);
        }
    }

    private static async Task NoticeDroppedSocketsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, NoticeDroppedSockets, cancellationToken);
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
