using System.Reflection;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Brings the database to the shape this version needs. A shipped script never changes: a change is a new script.
/// </summary>
internal sealed class Migrations(NpgsqlDataSource dataSource, EventStoreOptions options)
{
    private const string LockName = "Chat.EventStore migrations";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // One migrates, the others wait and find everything done.
        await ExecuteAsync(
            connection, $"SELECT pg_advisory_xact_lock(hashtextextended('{LockName}', 0))", cancellationToken);
        await ExecuteAsync(connection, Filled(
            """
            CREATE SCHEMA IF NOT EXISTS {extension};
            CREATE TABLE IF NOT EXISTS {extension}.migrations (
                script text PRIMARY KEY,
                applied_at timestamptz NOT NULL DEFAULT now()
            );
            """), cancellationToken);

        var done = await DoneAsync(connection, cancellationToken);
        foreach (var (name, script) in Scripts().Where(script => !done.Contains(script.Name)))
        {
            await ExecuteAsync(connection, Filled(script), cancellationToken);
            await ExecuteAsync(
                connection,
                Filled($"INSERT INTO {{extension}}.migrations (script) VALUES ('{name}')"),
                cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static IEnumerable<(string Name, string Script)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(IsScript).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource.Split('.')[^2], reader.ReadToEnd());
        }

        static bool IsScript(string resource) => resource.EndsWith(".sql", StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // A process that waits for the lock waits as long as the other one migrates.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<HashSet<string>> DoneAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Filled("SELECT script FROM {extension}.migrations"), connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var done = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            done.Add(reader.GetString(0));
        return done;
    }

    private string Filled(string sql) => sql
        .Replace("{schema}", options.Schema, StringComparison.Ordinal)
        .Replace("{extension}", options.ExtensionSchema, StringComparison.Ordinal);
}
