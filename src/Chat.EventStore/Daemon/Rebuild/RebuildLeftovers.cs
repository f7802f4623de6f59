using System.Globalization;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// What rebuilds left that were killed. They hold personal data that may be erased later, so they are removed by
/// whoever comes by first, and not only by the next rebuild.
/// </summary>
internal static class RebuildLeftovers
{
    private const int LockTimeoutMs = 1000;

    /// <summary>Removes them; to be called under the rebuild's lock.</summary>
    public static async Task DropAsync(NpgsqlConnection connection, string live, CancellationToken cancellationToken)
    {
        foreach (var name in await NamesAsync(connection, live, cancellationToken))
            await connection.RunAsync($"DROP SCHEMA {name} CASCADE", cancellationToken);
    }

    /// <summary>Removes them unless a rebuild is at work.</summary>
    public static async Task DropUnlessRunningAsync(
        NpgsqlConnection connection, string live, CancellationToken cancellationToken)
    {
        // A look first: a rebuild that begins while this holds the lock is refused.
        if ((await NamesAsync(connection, live, cancellationToken)).Count == 0)
            return;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await RebuildLock.TryTakeForTransactionAsync(connection, live, cancellationToken))
            return;
        await connection.RunAsync(
            string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {LockTimeoutMs}"),
            cancellationToken);
        try
        {
            await DropAsync(connection, live, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // A backup that reads them is no reason not to start.
            return;
        }

        await transaction.CommitAsync(cancellationToken);
    }

    // Those of a rebuild under another role are left to that role.
    private static Task<List<string>> NamesAsync(
        NpgsqlConnection connection, string live, CancellationToken cancellationToken) => connection.TextsAsync(
            """
            SELECT nspname::text FROM pg_namespace
            WHERE nspname ~ ('^' || $1 || '[0-9]+$') AND pg_has_role(nspowner, 'USAGE')
            """,
            cancellationToken,
            live + ShadowSchema.Mark);
}
