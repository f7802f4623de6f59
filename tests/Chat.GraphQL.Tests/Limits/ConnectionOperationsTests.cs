using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>Requests side by side on one connection of HTTP/2.</summary>
public sealed class ConnectionOperationsTests
{
    [Fact]
    public async Task Are_limited()
    {
        var gate = new Gate();
        await using var server = await TestServer.StartAsync(
            builder =>
            {
                builder.AddType(typeof(Queries)).Services.AddSingleton(gate);
                builder.Services.Configure<KestrelServerOptions>(kestrel =>
                    kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
            },
            options => options.MaxOperationsPerConnection = 2);
        var waiting = new[] { PostAsync(server, "{ wait }"), PostAsync(server, "{ wait }") };
        await gate.BothAreHere;

        var (status, body) = await PostAsync(server, "{ __typename }");
        status.ShouldBe(HttpStatusCode.TooManyRequests);
        body.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()
            .ShouldBe(ErrorCodes.TooManyOperations);

        gate.Open();
        foreach (var (ended, _) in await Task.WhenAll(waiting))
            ended.ShouldBe(HttpStatusCode.OK);
        (await PostAsync(server, "{ __typename }")).Status
            .ShouldBe(HttpStatusCode.OK, "those that ended no longer count");
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(TestServer server, string query)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(JsonSerializer.Serialize(new { query }), Encoding.UTF8, "application/json"),
        };
        var response = await server.Http.SendAsync(request, Cancel.Test);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public sealed class Gate
    {
        private readonly TaskCompletionSource both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int count;

        public Task BothAreHere => both.Task;

        public Task PassAsync()
        {
            if (Interlocked.Increment(ref count) == 2)
                both.SetResult();
            return opened.Task;
        }

        public void Open() => opened.SetResult();
    }

    [QueryType]
    public static class Queries
    {
        public static async Task<bool> WaitAsync(Gate gate)
        {
            await gate.PassAsync();
            return true;
        }
    }
}
