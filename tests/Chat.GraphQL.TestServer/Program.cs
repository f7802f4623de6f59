using System.Globalization;
using Chat.GraphQL;
using Chat.GraphQL.TestServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

// The only argument is the port; 0 takes a free one. The first line of the output is the address. When standard input
// ends, whoever started this is gone, and so are we.
var port = args is [{ } given] ? int.Parse(given, CultureInfo.InvariantCulture) : 0;
var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
    .SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton<Room>();
builder.Services
    .AddGraphQLServer(options =>
    {
        options.Ide = false;
        options.AutomaticPersistedQueries = true;
    })
    .AddTypes(typeof(Room).Assembly);

var app = builder.Build();
app.MapGraphQL();
await app.StartAsync();
var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
await Console.Out.WriteLineAsync(addresses.Addresses.Single());
while (await Console.In.ReadLineAsync() is not null)
{
    // Nothing is said to this program but that it may end.
}

await app.StopAsync();
