using Chat.Api.Tests;

namespace Chat.Model.Runs;

/// <summary>How many servers share one database, and over what they talk to each other.</summary>
public sealed record Topology(string Backplane, int Nodes)
{
    public override string ToString() => $"{Nodes} × {Backplane}";
}

/// <summary>The servers of a run, under one clock that only the run moves.</summary>
internal sealed class Nodes : IAsyncDisposable
{
    private readonly List<ChatServer> _servers = [];
    private RedisServer? _redis;

    private Nodes()
    {
    }

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ManualClock Clock { get; } = new(Start);

    public List<HttpClient> Http { get; } = [];

    public int Count => _servers.Count;

    public Uri AddressOf(int node) => _servers[node].Address;

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

            for (var i = 0; i < topology.Nodes; i++)
                await nodes.AddAsync(topology, i);
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
    /// What was written to a room after a position: which commands, each with its last position, in their order. The
    /// events of one command lie together.
    /// </summary>
    public async Task<List<(Guid CommandId, long Last)>> CommandsAfterAsync(Guid roomId, long position)
    {
        await using var command = _servers[0].Database.CreateCommand(
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
        // The first one owns the database.
        foreach (var server in Enumerable.Reverse(_servers))
            await server.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }

    private async Task AddAsync(Topology topology, int index)
    {
        var server = new ChatServer { Clock = Clock };
        _servers.Add(server);
        server.Settings["Chat:NodeName"] = $"node-{index}";
        server.Settings["Chat:Backplane"] = topology.Backplane;
        server.Settings["Chat:Redis"] = _redis?.ConnectionString ?? "";
        server.Settings["Chat:RateLimitScale"] = "1000";
        if (index == 0)
            await server.InitializeAsync();
        else
            server.Start(_servers[0].DatabaseConnection);
        await server.WaitUntilReadyAsync();
        Http.Add(new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address });
    }
}
