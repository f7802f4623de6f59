using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chat.Bench.GraphQL.Servers;

/// <summary>
/// This program as a server that is measured: <c>graphql-server ours</c> or <c>graphql-server floor</c>.
/// </summary>
internal static class ServerProgram
{
    public const string Command = "graphql-server";
    public const string Ours = "ours";
    public const string Floor = "floor";

    public static async Task RunAsync(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var server = name switch
        {
            Ours => OurServer.Build(builder),
            Floor => FloorServer.Build(builder),
            _ => throw new ArgumentException($"There is no server {name}.", nameof(name)),
        };
        await server.App.StartAsync();
        var addresses = server.App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        await Console.Out.WriteLineAsync($"ready {addresses.Addresses.First()}");
        await ObeyAsync(server.Publish);
        await server.App.StopAsync();
    }

    /// <summary>Does what the bench says, a line at a time, until the end of input.</summary>
    private static async Task ObeyAsync(Func<Message, ValueTask> publish)
    {
        var published = 0;
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["publish", var count]:
                    for (var i = int.Parse(count, CultureInfo.InvariantCulture); i > 0; i--)
                        await publish(ChatData.MessageOf(++published));
                    break;
                case ["memory"]:
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    await Console.Out.WriteLineAsync(string.Create(
                        CultureInfo.InvariantCulture, $"memory {GC.GetTotalMemory(forceFullCollection: true)}"));
                    break;
            }
        }
    }
}

/// <summary>A server, and how a message reaches its subscribers.</summary>
internal sealed record RunningServer(WebApplication App, Func<Message, ValueTask> Publish) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => App.DisposeAsync();
}
