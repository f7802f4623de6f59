using Chat.EventStore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Bench.Store;

/// <summary>A database with the store's tables, which a row fills, empties and removes.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private const string NamePrefix = "bench_";

    // Where this process made the database and has to remove it: how to, and its name.
    private readonly (string Server, string Name)? made;

    private BenchDatabase(
        NpgsqlDataSource dataSource, ServerProcesses server, string connectionString, (string, string)? made)
    {
        (DataSource, Server, ConnectionString, this.made) = (dataSource, server, connectionString, made);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    public ServerProcesses Server { get; }

    /// <summary>Makes a database beside the given one.</summary>
    public static async Task<BenchDatabase> CreateAsync(
        string server, string purpose, CancellationToken cancellation)
    {
        var name = $"{NamePrefix}{purpose.Replace('-', '_')}_{Environment.ProcessId}";
        await AdministerAsync(server, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", cancellation);
        await AdministerAsync(server, $"CREATE DATABASE {name}", cancellation);
        var connectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        var database = await OpenAsync(connectionString, (server, name), cancellation);
        await using var store = database.OpenStore();
        await store.MigrateAsync(cancellation);
        return database;
    }

    /// <summary>Opens the database that another process has made.</summary>
    public static Task<BenchDatabase> OpenAsync(string connectionString, CancellationToken cancellation) =>
        OpenAsync(connectionString, null, cancellation);

    /// <summary>A store of its own, with the settings that a server has that sets nothing.</summary>
    public EventLog OpenStore()
    {
        var options = new EventStoreOptions();
        options.Types.Map<MessagePosted>(MessagePosted.Alias);
        return new(DataSource, options, NullLogger<EventLog>.Instance);
    }

    /// <summary>Streams of equal length and nothing else; what came before is gone, and the disk is quiet.</summary>
    public async Task ResetAsync(FilledLog log, CancellationToken cancellation)
    {
        await ExecuteAsync(
            """
            TRUNCATE mt_streams, mt_events, mt_event_progression,
                chat_store.stream_tags, chat_store.multi_event_appends;
            ALTER SEQUENCE mt_events_sequence RESTART;
            """,
            cancellation);
        await log.FillAsync(this, cancellation);
        await SettleAsync(cancellation);
    }

    /// <summary>
    /// Pages written behind a measured run would be written during the next one, so they are written now; statistics as
    /// autovacuum would have made them.
    /// </summary>
    public Task SettleAsync(CancellationToken cancellation) =>
        ExecuteAsync("VACUUM ANALYZE mt_streams; VACUUM ANALYZE mt_events; CHECKPOINT", cancellation);

    public async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        // VACUUM refuses to run among other statements.
        await using var connection = await DataSource.OpenConnectionAsync(cancellation);
        const StringSplitOptions Tidy = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        foreach (var statement in sql.Split(';', Tidy))
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellation)
    {
        await using var command = DataSource.CreateCommand(sql);
        command.CommandTimeout = 0;
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Closes the connections and removes the database where this process has made it.</summary>
    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        if (made is var (server, name))
            await AdministerAsync(server, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", CancellationToken.None);
    }

    private static async Task<BenchDatabase> OpenAsync(
        string connectionString, (string, string)? made, CancellationToken cancellation)
    {
        var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        return new(dataSource, ServerProcesses.OfBackend(connection.ProcessID), connectionString, made);
    }

    private static async Task AdministerAsync(string server, string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
