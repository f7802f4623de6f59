using System.Reflection;
using Npgsql;

namespace Chat.Projections;

/// <summary>SQL that an assembly carries and that may be run at every start.</summary>
public static class SchemaScript
{
    public static async Task ApplyAsync(
        NpgsqlDataSource database, Assembly assembly, string resource, CancellationToken ct)
    {
        var sql = await ReadAsync(assembly, resource, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // "if not exists" races with itself when several nodes start at once.
        await ExecuteAsync("select pg_advisory_xact_lock(hashtext('chat schema'))", connection, ct);
        // Whoever waits for a table's lock makes all others wait behind them: the caller tries again.
        await ExecuteAsync("set local lock_timeout = '1s'", connection, ct);
        await ExecuteAsync(sql, connection, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Runs a script whose tables are in <c>{schema}</c>, on a connection of the caller.</summary>
    public static async Task RunAsync(
        NpgsqlConnection connection, Assembly assembly, string resource, string schema, CancellationToken ct)
    {
        var sql = await ReadAsync(assembly, resource, ct);
        await ExecuteAsync(sql.Replace("{schema}", schema, StringComparison.Ordinal), connection, ct);
    }

    private static async Task<string> ReadAsync(Assembly assembly, string resource, CancellationToken ct)
    {
        await using var stream = assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} does not carry {resource}.");
        using var sql = new StreamReader(stream);
        return await sql.ReadToEndAsync(ct);
    }

    private static async Task ExecuteAsync(string sql, NpgsqlConnection connection, CancellationToken ct)
    {
        // Indexes over the full tables of a rebuild take as long as they take.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
