using Chat.Api.Tests;
using Chat.TestDatabase;

namespace Chat.Model.Runs;

/// <summary>How many servers share one database, and over what they talk to each other.</summary>
public sealed record Topology(string Backplane, int Nodes)
{
    /// <summary>Each node is a process of its own; several in the process of the tests start sooner.</summary>
    public bool IsOfProcesses { get; init; }

    public override string ToString() => $"{Nodes} × {Backplane}";
}

/// <summary>The nodes of a run, under one clock that only the run moves.</summary>
internal sealed class Nodes : IAsyncDisposable
{
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(30);

    private readonly List<INode> _nodes = [];
    private ClonedDatabase? _database;
    private RedisServer? _redis;

    private Nodes()
    {
    }

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ManualClock Clock { get; } = new(Start);

    public List<HttpClient> Http { get; } = [];

    public int Count => _nodes.Count;

    /// <summary>The last lines of the nodes' logs.</summary>
    public string Output => string.Join('\n', _nodes.Select(node => node.Output));

    public Uri AddressOf(int node) => _nodes[node].Address;

    public static async Task<Nodes> StartAsync(Topology topology)
    {
        var nodes = new Nodes();
        try
        {
            if (topology.Backplane == "redis")
            {
                nodes._redis = new RedisServer();
                await nodes._redis.StartAsync();
            }

            nodes._database = await ClonedDatabase.CreateAsync("empty", _ => Task.CompletedTask);
            for (var i = 0; i < topology.Nodes; i++)
            {
                var settings = nodes.Settings(topology, i);
                nodes._nodes.Add(topology.IsOfProcesses ? new NodeProcess(settings) : new NodeHost(settings));
            }

            await Task.WhenAll(nodes._nodes.Select(node => node.StartAsync(Start)));
            foreach (var node in nodes._nodes)
                await nodes.EnterAsync(node);
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    public Client Client() => new(Http);

    /// <summary>
    /// Moves the time on all nodes. What rooms let go by that is gone when it returns, in the read models, too.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        Clock.Advance(time);
        var now = Clock.GetUtcNow();
        await Task.WhenAll(_nodes.Select(node => node.MoveToAsync(now)));
        await Eventually.TrueAsync(AreReadModelsFreshAsync);
    }

    /// <summary>
    /// What was written to a room after a position: which commands, each with its last position, in their order. The
    /// events of one command lie together.
    /// </summary>
    public async Task<List<(Guid CommandId, long Last)>> CommandsAfterAsync(Guid roomId, long position)
    {
        await using var command = _database!.DataSource.CreateCommand(
            "select causation_id, version from mt_events where stream_id = $1 and version > $2 order by version");
        command.Parameters.AddWithValue(roomId);
        command.Parameters.AddWithValue(position);
        await using var reader = await command.ExecuteReaderAsync();
        var commands = new List<(Guid CommandId, long Last)>();
        while (await reader.ReadAsync())
        {
            var (id, version) = (Guid.Parse(reader.GetString(0)), reader.GetInt64(1));
            if (commands.Count > 0 && commands[^1].CommandId == id)
                commands.RemoveAt(commands.Count - 1);
            commands.Add((id, version));
        }

        commands.Select(one => one.CommandId).ShouldBeUnique();
        return commands;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var http in Http)
            http.Dispose();
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    private Dictionary<string, string> Settings(Topology topology, int index) => new()
    {
        ["Chat:Database"] = _database!.ConnectionString,
        ["Chat:MasterKey"] = Convert.ToBase64String(new byte[32]),
        ["Chat:NodeName"] = $"node-{index}",
        ["Chat:Backplane"] = topology.Backplane,
        ["Chat:Redis"] = _redis?.ConnectionString ?? "",
        ["Chat:RateLimitScale"] = "1000",
    };

    private async Task EnterAsync(INode node)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = node.Address };
        Http.Add(http);
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await http.GetAsync("/health/ready");
                return response.IsSuccessStatusCode;
            },
            ReadyMax);
    }

    private async Task<bool> AreReadModelsFreshAsync()
    {
        await using var command = _database!.DataSource.CreateCommand(
            """
            select coalesce(bool_and(room.position = stream.version), true)
            from chat_read.rooms room join mt_streams stream using (id)
            """);
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}
