using System.IO.Compression;
using System.Net;
using System.Text;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>Compressed responses.</summary>
public sealed class CompressionTests(CompressionTests.Server server) : IClassFixture<CompressionTests.Server>
{
    private const string Long = """{"query":"{ rooms(first: 100) { id name title } }"}""";
    private const string Short = """{"query":"{ hello }"}""";

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip;q=1, br;q=0.5", "gzip")]
    [InlineData("gzip, br;q=0", "gzip")]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *;q=0.5", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("deflate", null)]
    [InlineData("identity", null)]
    [InlineData("*;q=0", null)]
    [InlineData(null, null)]
    public async Task The_client_chooses_the_encoding(string? accepted, string? expected)
    {
        var plain = await TextOf(await SendAsync(Post(Long)));
        var response = await SendAsync(Post(Long, accepted));
        response.Content.Headers.ContentEncoding.ShouldBe(expected is null ? [] : [expected]);
        (await TextOf(response)).ShouldBe(plain);
        if (expected is null)
            return;
        response.Headers.Vary.ShouldBe(["Accept", "Accept-Encoding"]);
        (await response.Content.ReadAsByteArrayAsync()).Length.ShouldBeLessThan(plain.Length / 5);
    }

    [Fact]
    public async Task Small_responses_stay_as_they_are() =>
        (await SendAsync(Post(Short, "br"))).Content.Headers.ContentEncoding.ShouldBeEmpty();

    [Theory]
    [InlineData(null, "br")]
    [InlineData("session=1", null)]
    public async Task A_get_that_another_sites_page_could_send_is_not_compressed(string? cookie, string? expected)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/graphql?query={rooms(first:100){id,name,title}}");
        request.Headers.Add("accept-encoding", "br");
        if (cookie is not null)
            request.Headers.Add("cookie", cookie);
        var response = await SendAsync(request);
        response.Content.Headers.ContentEncoding.ShouldBe(expected is null ? [] : [expected]);
        response.Headers.Vary.ShouldContain("Accept-Encoding");
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var off = await TestServer.StartAsync(
            builder => builder.AddChat(), options => options.Compression = false);
        var response = await off.Http.SendAsync(Post(Long, "br"), Cancel.Test);
        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static HttpRequestMessage Post(string body, string? accepted = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (accepted is not null)
            request.Headers.Add("accept-encoding", accepted);
        return request;
    }

    private static async Task<string> TextOf(HttpResponseMessage response)
    {
        var bytes = new MemoryStream(await response.Content.ReadAsByteArrayAsync());
        using var reader = new StreamReader(response.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "br" => new BrotliStream(bytes, CompressionMode.Decompress),
            "gzip" => new GZipStream(bytes, CompressionMode.Decompress),
            _ => bytes,
        });
        return await reader.ReadToEndAsync();
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) =>
        server.Test.Http.SendAsync(request, Cancel.Test);

    public sealed class Server : IAsyncLifetime
    {
        public TestServer Test { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Test = await TestServer.StartAsync(builder => builder.AddChat());

        public ValueTask DisposeAsync() => Test.DisposeAsync();
    }
}
