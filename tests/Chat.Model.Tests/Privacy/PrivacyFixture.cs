using Chat.Model.Runs;

namespace Chat.Model.Privacy;

/// <summary>One server of one or more nodes for all rows, and everybody in it.</summary>
public abstract class PrivacyFixture(Topology topology) : IAsyncLifetime
{
    internal Nodes Nodes { get; private set; } = null!;

    internal Cast Cast { get; private set; } = null!;

    internal Chat.Api.Tests.Contract.SchemaDocument Schema { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Nodes = await Nodes.StartAsync(topology);
        Cast = new Cast(Nodes);
        await Cast.EnterAsync();
        Schema = new(await Nodes.Http[0].GetStringAsync("/graphql/schema.graphql"));
    }

    public async ValueTask DisposeAsync()
    {
        await Nodes.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class OneNode() : PrivacyFixture(new Topology("inprocess", 1));

public sealed class TwoNodesOverPostgres() : PrivacyFixture(new Topology("postgres", 2));

public sealed class TwoNodesOverRedis() : PrivacyFixture(new Topology("redis", 2));
