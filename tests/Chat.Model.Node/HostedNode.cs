using System.Globalization;
using Chat.Api.Rooms;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Model.Node;

/// <summary>
/// The server on a real Kestrel, configured by its environment. Its input is the time, in ticks, line by line: the
/// first one starts it and is answered with its address, the others move it, and are answered once everything that
/// follows from that is done. It ends with its input.
/// </summary>
internal sealed class HostedNode(NodeClock clock) : WebApplicationFactory<Program>
{
    /// <summary>Distinguishes answers from the lines of the server's log.</summary>
    private const string Answer = "node ";

    private static async Task Main()
    {
        if (await NextAsync() is not { } start)
            return;
        var clock = new NodeClock(start);
        await using var node = new HostedNode(clock);
        node.UseKestrel(0);
        node.StartServer();
        Console.WriteLine($"{Answer}{node.ClientOptions.BaseAddress}");
        var retention = node.Services.GetRequiredService<Retention>();
        while (await NextAsync() is { } time)
        {
            clock.MoveTo(time);
            await retention.RunOnceAsync(time, CancellationToken.None);
            Console.WriteLine($"{Answer}{time.UtcTicks}");
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseEnvironment("Production")
        .ConfigureTestServices(services => services.AddSingleton<TimeProvider>(clock));

    private static async Task<DateTimeOffset?> NextAsync() => await Console.In.ReadLineAsync() is { } line
        ? new DateTimeOffset(long.Parse(line, CultureInfo.InvariantCulture), TimeSpan.Zero)
        : null;
}
