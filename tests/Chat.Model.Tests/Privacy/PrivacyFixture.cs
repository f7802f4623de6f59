using Chat.Model.Runs;

namespace Chat.Model.Privacy;

/// <summary>One server for all rows, and everybody in it.</summary>
public sealed class PrivacyFixture : IAsyncLifetime
{
    internal Nodes Nodes { get; private set; } = null!;

    internal Cast Cast { get; private set; } = null!;

    internal Chat.Api.Tests.Contract.SchemaDocument Schema { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Nodes = await Nodes.StartAsync(new Topology("inprocess", 1));
        Cast = new Cast(Nodes);
        await Cast.EnterAsync();
        Schema = new(await Nodes.Http[0].GetStringAsync("/graphql/schema.graphql"));
    }

    public ValueTask DisposeAsync() => Nodes.DisposeAsync();
}
