using Chat.TestDatabase;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>
/// An empty log in the database of the test class, and stores over it as separate processes would have them.
/// </summary>
public abstract class StoreTest(StoreDatabase shared) : IClassFixture<StoreDatabase>, IAsyncLifetime
{
    private readonly List<IAsyncDisposable> opened = [];
    private ClonedDatabase database = shared.Clone;
    private EventStore? store;

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected NpgsqlDataSource DataSource => database.DataSource;

    protected string ConnectionString => database.ConnectionString;

    /// <summary>The store of this process.</summary>
    protected EventStore Store => store ??= NewStore();

    public async ValueTask InitializeAsync() => await shared.EmptyAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(opened))
            await one.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public static EventStoreOptions Options(Action<EventStoreOptions>? change = null)
    {
        var options = new EventStoreOptions { MasterKeys = new Dictionary<int, byte[]> { [1] = new byte[32] } };
        options.Types.Map<RoomOpened>().Map<MessagePosted>().Map<MessageEdited>().Map<ProfileChanged>().Map<Reacted>();
        change?.Invoke(options);
        return options;
    }

    /// <summary>For a test that changes the schema: to be called before anything else.</summary>
    protected async Task UseOwnDatabaseAsync()
    {
        database = await StoreDatabase.CloneAsync();
        opened.Add(database);
    }

    /// <summary>
    /// Another store over the same database, with connections of its own, like that of another process.
    /// </summary>
    protected EventStore NewStore(
        Action<EventStoreOptions>? change = null, Action<NpgsqlConnectionStringBuilder>? connect = null)
    {
        var made = new EventStore(NewDataSource(connect), Options(change), NullLogger<EventStore>.Instance);
        opened.Add(made);
        return made;
    }

    protected NpgsqlDataSource NewDataSource(Action<NpgsqlConnectionStringBuilder>? connect = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString);
        connect?.Invoke(builder);
        var dataSource = NpgsqlDataSource.Create(builder.ConnectionString);
        opened.Add(dataSource);
        return dataSource;
    }

    protected static Append Post(Guid stream, string text = "hello", Guid? id = null, int number = 0) => new()
    {
        StreamId = stream,
        StreamType = "room",
        Events = [new(id ?? Guid.NewGuid(), new MessagePosted(text, number))],
    };

    protected Task<AppendResult> PostAsync(Guid stream, string text = "hello", Guid? id = null) =>
        Store.AppendAsync(Post(stream, text, id), Stop);

    protected async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Stop))!;
    }

    protected async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }

    /// <summary>
    /// What every log must satisfy: versions 1..n without gaps, sequence order agreeing with version order.
    /// </summary>
    protected async Task ShouldBeSoundAsync()
    {
        var broken = await ScalarAsync<long>(
            """
            SELECT count(*) FROM (
                SELECT version, row_number() OVER (PARTITION BY stream_id ORDER BY seq_id) AS place
                FROM mt_events) ordered
            WHERE version <> place
            """);
        broken.ShouldBe(0);
        var wrong = await ScalarAsync<long>(
            """
            SELECT count(*) FROM mt_streams s
            WHERE s.version IS DISTINCT FROM (SELECT max(e.version) FROM mt_events e WHERE e.stream_id = s.id)
            """);
        wrong.ShouldBe(0);
    }
}
