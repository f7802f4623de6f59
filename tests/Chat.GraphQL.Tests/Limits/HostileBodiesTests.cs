using System.Net.Sockets;
using System.Text;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>Bodies that are too large, too slow, or not as long as they say.</summary>
[Collection(nameof(Measured))]
public sealed class HostileBodiesTests(HostileTests.Server server) : IClassFixture<HostileTests.Server>
{
    private const int TenMegabytes = 10 * 1024 * 1024;

    private static readonly string Spaces = new(' ', 64 * 1024);

    [Fact]
    public async Task Ten_megabytes_are_not_read()
    {
        await Spent.ShouldBeLittleAsync(async () =>
        {
            using var client = await RawClient.ConnectAsync(server.Test.Address);
            await client.SendAsync(Head($"content-length: {TenMegabytes}"));
            (await client.ReceiveAsync())!.Value.Status.ShouldBe(413);
        });
        await IsStillThereAsync();
    }

    [Theory]
    [InlineData("content-length: 10485760", "", "")]
    [InlineData("transfer-encoding: chunked", "10000\r\n", "\r\n")]
    public async Task Ten_megabytes_that_come_all_the_same_are_refused(
        string header, string beforeEachPart, string afterEachPart)
    {
        await Spent.ShouldBeLittleAsync(async () =>
        {
            using var client = await RawClient.ConnectAsync(server.Test.Address);
            await client.SendAsync(Head(header));
            var part = Encoding.ASCII.GetBytes(beforeEachPart + Spaces + afterEachPart);
            var isCut = false;
            for (var i = 0; i < TenMegabytes / Spaces.Length && !isCut; i++)
                isCut = !await TrySendAsync(client, part);
            // The answer may be lost when the connection ends before the client has read it.
            ((await client.ReceiveAsync())?.Status ?? 413).ShouldBe(413);
        });
        await IsStillThereAsync();
    }

    [Fact]
    public async Task A_byte_a_second_ends_the_connection()
    {
        await Spent.ShouldBeLittleAsync(async () =>
        {
            using var client = await RawClient.ConnectAsync(server.Test.Address);
            await client.SendAsync(Head("content-length: 1000"));
            var answer = client.ReceiveAsync();
            while (await Task.WhenAny(answer, Task.Delay(TimeSpan.FromSeconds(1), Cancel.Test)) != answer)
                await TrySendAsync(client, "x"u8.ToArray());
            ((await answer)?.Status ?? 408).ShouldBe(408);
        });
        await IsStillThereAsync();
    }

    [Fact]
    public async Task A_body_shorter_than_it_says_ends_the_connection()
    {
        await Spent.ShouldBeLittleAsync(async () =>
        {
            using var client = await RawClient.ConnectAsync(server.Test.Address);
            await client.SendAsync(Head("content-length: 1000"));
            await client.SendAsync("{\"query\":\"{count}\"}"u8.ToArray());
            client.EndSending();
            ((await client.ReceiveAsync())?.Status ?? 400).ShouldBe(400);
        });
        await IsStillThereAsync();
    }

    [Fact]
    public async Task A_body_longer_than_it_says_is_cut_and_the_rest_is_no_request()
    {
        await Spent.ShouldBeLittleAsync(async () =>
        {
            using var client = await RawClient.ConnectAsync(server.Test.Address);
            await client.SendAsync(Head("content-length: 5"));
            await client.SendAsync("{\"query\":\"{count}\"}\r\n\r\n"u8.ToArray());
            (await client.ReceiveAsync())!.Value.Status.ShouldBe(400);
            ((await client.ReceiveAsync())?.Status ?? 400).ShouldBe(400);
        });
        await IsStillThereAsync();
    }

    private static byte[] Head(string header) => Encoding.ASCII.GetBytes(
        $"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{header}\r\n\r\n");

    private static async Task<bool> TrySendAsync(RawClient client, byte[] bytes)
    {
        try
        {
            await client.SendAsync(bytes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task IsStillThereAsync()
    {
        using var client = await RawClient.ConnectAsync(server.Test.Address);
        await client.SendAsync(RawClient.Post("{\"query\":\"{count}\"}"u8.ToArray()));
        Encoding.UTF8.GetString((await client.ReceiveAsync())!.Value.Body.Span).ShouldBe("""{"data":{"count":0}}""");
    }
}
