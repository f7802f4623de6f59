using Chat.Api.Rooms;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Model.Node;

/// <summary>The server on a real Kestrel, in the time that it is told.</summary>
internal sealed class HostedNode(DateTimeOffset start, IReadOnlyDictionary<string, string> settings)
    : WebApplicationFactory<Program>
{
    private readonly NodeClock _clock = new(start);

    public Uri Start()
    {
        UseKestrel(0);
        StartServer();
        return ClientOptions.BaseAddress;
    }

    /// <summary>Moves the time; everything that follows from that is done when it returns.</summary>
    public async Task MoveToAsync(DateTimeOffset time)
    {
        _clock.MoveTo(time);
        await Services.GetRequiredService<Retention>().RunOnceAsync(time, CancellationToken.None);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production").UseSetting("Logging:LogLevel:Default", "Warning");
        foreach (var (key, value) in settings)
            builder.UseSetting(key, value);
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(_clock));
    }
}
