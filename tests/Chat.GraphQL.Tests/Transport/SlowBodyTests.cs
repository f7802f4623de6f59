using System.Net.Sockets;
using System.Text;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>A body that does not arrive must not be waited for, and a client that leaves is no error.</summary>
public sealed class SlowBodyTests
{
    private const string Head =
        "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";

    [Theory]
    [InlineData("")]
    [InlineData("{\"query\":")]
    public async Task A_body_that_stops_is_refused_in_time(string beginning)
    {
        await using var server = await TestServer.StartAsync(
            builder => builder.AddChat(), options => options.RequestBodyTimeout = TimeSpan.FromMilliseconds(200));
        using var client = await ConnectAsync(server);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Head + beginning), Cancel.Test);
        var response = await ReadUntilEndAsync(client.GetStream());
        response.ShouldStartWith("HTTP/1.1 408 ");
        response.ShouldContain("Connection: close");
        response.ShouldContain("REQUEST_BODY_TIMEOUT");
        response.ShouldContain("within 0.2 seconds");
    }

    [Fact]
    public async Task A_body_that_comes_in_pieces_is_read()
    {
        const string Body = """{"query":"{ hello }"}""";
        await using var server = await TestServer.StartAsync(builder => builder.AddChat());
        using var client = await ConnectAsync(server);
        var head = Head.Replace("1000", $"{Body.Length}\r\nConnection: close", StringComparison.Ordinal);
        foreach (var piece in new[] { head, Body[..5], Body[5..] })
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(piece), Cancel.Test);
            await Task.Delay(20, Cancel.Test);
        }

        using var reader = new StreamReader(client.GetStream());
        (await reader.ReadToEndAsync(Cancel.Test)).ShouldEndWith("""{"data":{"hello":"hello world"}}""");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_amid_its_body_leaves_no_trace_in_the_log(bool isReset)
    {
        await using var server = await TestServer.StartAsync(builder => builder.AddChat());
        using (var client = await ConnectAsync(server))
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Head + "{"), Cancel.Test);
            if (isReset)
            {
                client.Client.LingerState = new LingerOption(true, 0);
            }
            else
            {
                var stream = client.GetStream();
                client.Client.Shutdown(SocketShutdown.Send);
                await ReadUntilEndAsync(stream);
            }
        }

        // The server still answers, and has nothing to say about the one that left.
        (await server.QueryAsync("{ hello }")).GetProperty("data").GetProperty("hello").GetString()
            .ShouldBe("hello world");
        await server.StopAsync();
        server.Services.GetService(typeof(RecordedLog)).ShouldBeOfType<RecordedLog>().Entries.ShouldBeEmpty();
    }

    /// <summary>The server may reset the connection after its response: the rest of the body never came.</summary>
    private static async Task<string> ReadUntilEndAsync(NetworkStream stream)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var response = new MemoryStream();
        var buffer = new byte[1024];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, patience.Token)) > 0)
                response.Write(buffer, 0, count);
        }
        catch (IOException)
        {
            // That is an end, too.
        }

        return Encoding.UTF8.GetString(response.ToArray());
    }

    private static async Task<TcpClient> ConnectAsync(TestServer server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, Cancel.Test);
        return client;
    }
}
