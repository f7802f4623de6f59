using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chat.GraphQL.Tests;

/// <summary>A real Kestrel on a free port of the loopback interface.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestServer(WebApplication app)
    {
        this.app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Address = new Uri(addresses.Addresses.First());
        Http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<TestServer> StartAsync(
        Action<GraphQLBuilder> configure, Action<GraphQLOptions>? options = null, string path = "/graphql")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<RecordedLog>();
        builder.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<RecordedLog>());
        configure(builder.Services.AddGraphQLServer(options));
        var built = builder.Build();
        built.MapGraphQL(path);
        await built.StartAsync(Cancel.Test);
        return new TestServer(built);
    }

    public Task<HttpResponseMessage> PostAsync(object body, string? accept = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(body) };
        if (accept is not null)
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        return Http.SendAsync(request, Cancel.Test);
    }

    public async Task<JsonElement> QueryAsync(string query, object? variables = null)
    {
        var response = await PostAsync(new { query, variables });
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>Stops the server as the host does, within a second.</summary>
    public Task StopAsync() => app.StopAsync(Cancel.Test);

    public async Task<TestSocket> ConnectAsync(string? subprotocol = "graphql-transport-ws")
    {
        var socket = new ClientWebSocket();
        if (subprotocol is not null)
            socket.Options.AddSubProtocol(subprotocol);
        await socket.ConnectAsync(
            new UriBuilder(Address) { Scheme = "ws", Path = "/graphql" }.Uri, Cancel.Test);
        return new TestSocket(socket);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}
