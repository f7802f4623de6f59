using System.Net.Http.Json;
using System.Text.Json;

namespace Chat.Api.Tests.Hosting;

/// <summary>The web client's copy of the schema is what is served; what is no request is told so.</summary>
public sealed class SchemaTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task The_web_clients_schema_is_the_served_one()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var served = await http.GetStringAsync("/graphql/schema.graphql");
        var copy = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "web-schema.graphql"));
        copy.ShouldBe(served, "run ops/schema and commit src/chat-web/schema.graphql");
    }

    [Fact]
    public async Task Malformed_requests_get_a_status_and_an_error()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var malformed = await http.PostAsync(
            "/graphql", new StringContent("{ not json", null, "application/json"));
        ((int)malformed.StatusCode).ShouldBe(400);
        using var wrongType = await http.PostAsync("/graphql", new StringContent("{}", null, "text/plain"));
        ((int)wrongType.StatusCode).ShouldBe(415);
        using var empty = await http.PostAsJsonAsync("/graphql", new { });
        ((int)empty.StatusCode).ShouldBe(400);
        (await empty.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetArrayLength().ShouldBe(1);
    }
}
