using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Chat.EventStore;

/// <summary>
/// Brings the database to the shape this version needs. A shipped table script never changes: a change is a new script,
/// run once. Functions hold nothing, so theirs is made anew whenever its text has changed.
/// </summary>
internal sealed class Migrations(NpgsqlDataSource dataSource, EventStoreOptions options)
{
    private const string LockName = "Chat.EventStore migrations";
    private const string Scripts = ".Schema.";
    private const string FunctionScripts = ".Schema.Functions.";

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
            CREATE TABLE IF NOT EXISTS {extension}.functions (name text PRIMARY KEY, digest text NOT NULL);
            """), cancellationToken);

        await RunTableScriptsAsync(connection, cancellationToken);
        await RunFunctionScriptsAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task RunTableScriptsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var done = await PairsAsync(connection, "SELECT script, '' FROM {extension}.migrations", cancellationToken);
        foreach (var (name, script) in ScriptsIn(Scripts))
        {
            if (done.ContainsKey(name))
                continue;
            await ExecuteAsync(connection, Filled(script), cancellationToken);
            await ExecuteAsync(
                connection,
                Filled($"INSERT INTO {{extension}}.migrations (script) VALUES ('{name}')"),
                cancellationToken);
        }
    }

    private async Task RunFunctionScriptsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var known = await PairsAsync(connection, "SELECT name, digest FROM {extension}.functions", cancellationToken);
        foreach (var (name, script) in ScriptsIn(FunctionScripts))
        {
            var sql = Filled(script);
            var digest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            if (known.GetValueOrDefault(name) == digest)
                continue;

            // By name: an older version may have had other parameters.
            await ExecuteAsync(connection, Filled(
                $"""
                DO $drop$
                DECLARE
                    old regprocedure;
                BEGIN
                    FOR old IN SELECT oid FROM pg_proc
                        WHERE pronamespace = '{"{extension}"}'::regnamespace AND proname = '{name}'
                    LOOP
                        EXECUTE 'DROP FUNCTION ' || old;
                    END LOOP;
                END
                $drop$
                """), cancellationToken);
            await ExecuteAsync(connection, sql, cancellationToken);
            await ExecuteAsync(
                connection,
                Filled(
                    $"""
                    INSERT INTO {"{extension}"}.functions (name, digest) VALUES ('{name}', '{digest}')
                    ON CONFLICT (name) DO UPDATE SET digest = excluded.digest
                    """),
                cancellationToken);
        }
    }

    private static IEnumerable<(string Name, string Script)> ScriptsIn(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = assembly.GetName().Name + folder;
        foreach (var resource in assembly.GetManifestResourceNames().Where(IsScriptHere).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[prefix.Length..^".sql".Length], reader.ReadToEnd());
        }

        bool IsScriptHere(string resource) =>
            resource.StartsWith(prefix, StringComparison.Ordinal)
            && resource.EndsWith(".sql", StringComparison.Ordinal)
            && !resource[prefix.Length..^".sql".Length].Contains('.', StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // A process that waits for the lock waits as long as the other one migrates.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<Dictionary<string, string>> PairsAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Filled(sql), connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            pairs.Add(reader.GetString(0), reader.GetString(1));
        return pairs;
    }

    private string Filled(string sql) => sql
        .Replace("{schema}", options.Schema, StringComparison.Ordinal)
        .Replace("{extension}", options.ExtensionSchema, StringComparison.Ordinal)
        .Replace("{foreign_lock_wait}", BatchWriter.ForeignLockWait, StringComparison.Ordinal);
}
