using System.Collections;

namespace Chat.Bench.GraphQL;

/// <summary>Servers that run at the same time and are measured in turns; all but one are idle.</summary>
internal sealed class ServerSet : IEnumerable<MeasuredServer>, IAsyncDisposable
{
    private readonly List<MeasuredServer> servers = [];

    private ServerSet()
    {
    }

    public static async Task<ServerSet> StartAsync(
        IEnumerable<ServerKind> kinds, BenchPlan plan, CancellationToken cancellation)
    {
        var set = new ServerSet();
        try
        {
            foreach (var kind in kinds)
                set.servers.Add(await MeasuredServer.StartAsync(kind, plan, cancellation));
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public IEnumerator<MeasuredServer> GetEnumerator() => servers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
    }
}
