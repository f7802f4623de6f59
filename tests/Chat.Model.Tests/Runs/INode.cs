using Chat.Model.Node;

namespace Chat.Model.Runs;

/// <summary>One of the servers of a run.</summary>
internal interface INode : IAsyncDisposable
{
    Uri Address { get; }

    /// <summary>The last lines of its log.</summary>
    string Output { get; }

    Task StartAsync(DateTimeOffset time);

    /// <summary>When it returns, the node has done everything that follows from the new time.</summary>
    Task MoveToAsync(DateTimeOffset time);
}

/// <summary>A node in the process of the tests; code that is compiled once serves all of them.</summary>
internal sealed class NodeHost(IReadOnlyDictionary<string, string> settings) : INode
{
    private HostedNode _node = null!;

    public Uri Address { get; private set; } = null!;

    public string Output => "";

    public Task StartAsync(DateTimeOffset time)
    {
        _node = new HostedNode(time, settings);
        Address = _node.Start();
        return Task.CompletedTask;
    }

    public Task MoveToAsync(DateTimeOffset time) => _node.MoveToAsync(time);

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
