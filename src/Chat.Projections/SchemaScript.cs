using System.Reflection;
using Npgsql;

namespace Chat.Projections;

/// <summary>SQL that an assembly carries and that may be run at every start.</summary>
public static class SchemaScript
{
    public static async Task ApplyAsync(
        NpgsqlDataSource database, Assembly assembly, string resource, CancellationToken ct)
    {
        await using var stream = assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} does not carry {resource}.");
        using var sql = new StreamReader(stream);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // "if not exists" races with itself when several nodes start at once.
        await ExecuteAsync("select pg_advisory_xact_lock(hashtext('chat schema'))", connection, ct);
        await ExecuteAsync(await sql.ReadToEndAsync(ct), connection, ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task ExecuteAsync(string sql, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
