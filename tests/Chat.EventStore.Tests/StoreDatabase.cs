using Chat.TestDatabase;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>The database of a test class. Each test starts with it empty.</summary>
public sealed class StoreDatabase : IAsyncLifetime
{
    public ClonedDatabase Clone { get; private set; } = null!;

    public static Task<ClonedDatabase> CloneAsync() => ClonedDatabase.CreateAsync("event-store", async dataSource =>
    {
        await using var migrating = new EventStore(dataSource, StoreTest.Options(), NullLogger<EventStore>.Instance);
        await migrating.MigrateAsync(CancellationToken.None);
    });

    public async ValueTask InitializeAsync() => Clone = await CloneAsync();

    public ValueTask DisposeAsync() => Clone.DisposeAsync();

    /// <summary>
    /// Ends what the test before left running, such as a backend that has yet to notice its dropped socket, and its
    /// rows.
    /// </summary>
    public async Task EmptyAsync()
    {
        await ExecuteAsync(
            """
            DO $$
            BEGIN
                PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid();
            END $$
            """);
        Clone.DataSource.Clear();
        await ExecuteAsync(
            """
            DROP TABLE IF EXISTS emails, recorded;
            TRUNCATE mt_streams, mt_events, mt_event_progression,
                chat_store.data_keys, chat_store.stream_tags, chat_store.multi_event_appends, chat_store.snapshots,
                chat_store.projection_shards, chat_store.projection_models, chat_store.dead_letters;
            ALTER SEQUENCE mt_events_sequence RESTART;
            """);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Clone.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(StoreTest.Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(StoreTest.Stop);
    }
}
