using Chat.TestDatabase;

namespace Chat.Api.Tests;

/// <summary>
/// Two nodes of one server, each a process, or one node where the backplane is in-process: then both ends are the same.
/// Limits are as they are by default.
/// </summary>
public abstract class ChatCluster(string backplane) : IAsyncLifetime
{
    public RedisServer? Redis { get; private set; }

    public ClonedDatabase Database { get; private set; } = null!;

    public IReadOnlyList<ChatProcess> Nodes { get; private set; } = [];

    public Uri First => Nodes[0].Address;

    public Uri Second => Nodes[^1].Address;

    public bool IsOneNode => backplane == "inprocess";

    public async ValueTask InitializeAsync()
    {
        Database = await ClonedDatabase.CreateAsync("empty", _ => Task.CompletedTask);
        if (backplane == "redis")
        {
            Redis = new RedisServer();
            await Redis.StartAsync();
        }

        Nodes = [.. Enumerable.Range(1, IsOneNode ? 1 : 2).Select(Node)];
        foreach (var node in Nodes)
            await node.WaitUntilReadyAsync();
    }

    public async Task<ChatClient> PersonAsync(string name, Uri node)
    {
        var client = new ChatClient(node);
        await client.RegisterAsync($"{name}-{Guid.NewGuid():N}@example.org", name);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
        if (Redis is not null)
            await Redis.DisposeAsync();
        if (Database is not null)
            await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private ChatProcess Node(int number) => new(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CHAT__DATABASE"] = Database.ConnectionString,
        ["CHAT__MASTERKEY"] = Convert.ToBase64String(new byte[32]),
        ["CHAT__NODENAME"] = $"node{number}",
        ["CHAT__BACKPLANE"] = backplane,
        ["CHAT__REDIS"] = Redis?.ConnectionString ?? "",
    });
}

public sealed class OneNode() : ChatCluster("inprocess");

public sealed class PostgresCluster() : ChatCluster("postgres");

public sealed class RedisCluster() : ChatCluster("redis");
