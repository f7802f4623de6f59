namespace Chat.GraphQL.Tests.Transport;

/// <summary>The status codes of GraphQL over HTTP, September 2026 edition, "Status Codes": an option.</summary>
public sealed class StatusCodeTests
{
    private const string New = "application/graphql-response+json";

    [Theory]
    [InlineData("{ hello }", 200, 200)]
    [InlineData("{ hello broken }", 294, 200)]
    [InlineData("{ secret }", 294, 200)]
    [InlineData("{ ", 400, 200)]
    [InlineData("{ nope }", 422, 200)]
    [InlineData("query ($i: Int!) { rooms(first: $i) { id } }", 422, 200)]
    [InlineData("query a { hello } query b { hello }", 422, 200)]
    [InlineData(3, 422, 422)]
    public async Task Only_the_newer_media_type_tells_more(object query, int status, int legacy)
    {
        await using var server = await TestServer.StartAsync(
            builder => builder.AddChat(), options => options.September2026StatusCodes = true);
        ((int)(await server.PostAsync(new { query }, New)).StatusCode).ShouldBe(status);
        ((int)(await server.PostAsync(new { query }, "application/json")).StatusCode).ShouldBe(legacy);
    }
}
