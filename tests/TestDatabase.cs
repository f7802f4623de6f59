using System.Collections.Concurrent;
using Npgsql;

namespace Chat.TestDatabase;

/// <summary>
/// A database of its own for a test class, cloned from a template that is migrated once per process and key.
/// Cloning takes tens of milliseconds, so every class starts from a clean schema without paying for migrations.
/// </summary>
public sealed class ClonedDatabase : IAsyncDisposable
{
    private const string Variable = "CHAT_TEST_POSTGRES";

    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Templates = new(StringComparer.Ordinal);

    // PostgreSQL refuses to clone a template that another clone is being made from, so clones queue up here.
    private static readonly SemaphoreSlim Cloning = new(1, 1);

    private ClonedDatabase(string name)
    {
        Name = name;
        ConnectionString = ConnectionStringOf(name);
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    /// <summary>
    /// Clones the template of <paramref name="migrationKey"/>; the first caller of a key makes it with <paramref
    /// name="migrate"/>.
    /// </summary>
    public static async Task<ClonedDatabase> CreateAsync(string migrationKey, Func<NpgsqlDataSource, Task> migrate)
    {
        var template = await Templates.GetOrAdd(migrationKey, _ => new(() => MakeTemplateAsync(migrate))).Value;
        var name = NewName("test");
        await Cloning.WaitAsync();
        try
        {
            await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        }
        finally
        {
            Cloning.Release();
        }

        return new(name);
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await ExecuteAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
    }

    private static async Task<string> MakeTemplateAsync(Func<NpgsqlDataSource, Task> migrate)
    {
        var name = NewName("template");
        await ExecuteAsync($"CREATE DATABASE {name}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Drop(name);
        await using var dataSource = NpgsqlDataSource.Create(ConnectionStringOf(name));
        await migrate(dataSource);
        return name;
    }

    private static void Drop(string name)
    {
        using var connection = new NpgsqlConnection(Admin());
        connection.Open();
        using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", connection);
        drop.ExecuteNonQuery();
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Admin());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string NewName(string kind) => $"chat_{kind}_{Environment.ProcessId}_{Guid.NewGuid():n}";

    private static string ConnectionStringOf(string database) =>
        new NpgsqlConnectionStringBuilder(Admin())
        {
            Database = database,
            Pooling = true,
            IncludeErrorDetail = true,
            // A template may be made by who opens connections of its own.
            PersistSecurityInfo = true,
        }.ConnectionString;

    private static string Admin()
    {
        var connectionString = Environment.GetEnvironmentVariable(Variable)
            ?? throw new InvalidOperationException(
                $"Set {Variable} to the connection string of a PostgreSQL role that may create databases.");
        return new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
    }
}
