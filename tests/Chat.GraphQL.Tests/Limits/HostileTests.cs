using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>
/// Whatever a client sends ends in its error, within 100 ms of CPU and without much memory, over HTTP and over sockets.
/// </summary>
[Collection(nameof(Measured))]
public sealed class HostileTests(HostileTests.Server server) : IClassFixture<HostileTests.Server>
{
    /// <summary>How often all requests are sent to see whether memory stays flat; more by hand.</summary>
    private static readonly int Rounds = int.Parse(
        Environment.GetEnvironmentVariable("CHAT_HOSTILE_ROUNDS") ?? "10", CultureInfo.InvariantCulture);

    /// <summary>What the pools of arrays grow by; it does not depend on the number of rounds.</summary>
    private const int StretchesMax = 3;
    private const long HeapGrowthBytesMax = 8 * 1024 * 1024;

    public static TheoryData<string> Names => [.. HostileCorpus.All.Select(hostile => hostile.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Ends_soon_over_HTTP(string name)
    {
        var hostile = HostileCorpus.Of(name);
        using var client = await RawClient.ConnectAsync(server.Test.Address);
        var request = RawClient.Post(hostile.Body);
        (int Status, ReadOnlyMemory<byte> Body)? response = null;
        await Spent.ShouldBeLittleAsync(async () =>
        {
            await client.SendAsync(request);
            response = await client.ReceiveAsync();
        });
        using var json = JsonDocument.Parse(response!.Value.Body);
        CodesOf(json.RootElement).ShouldBeIts(hostile);
        response.Value.Status.ShouldBe(hostile.Code switch
        {
            _ when !IsExecutable(hostile) => 400,
            ErrorCodes.ResponseTooLarge => 500,
            _ => 200,
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Ends_soon_over_a_socket(string name)
    {
        var hostile = HostileCorpus.Of(name);
        byte[] message = [.. "{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":"u8, .. hostile.Body, (byte)'}'];
        if (!IsExecutable(hostile))
        {
            // What is no request breaks the protocol, and the socket is closed.
            await Spent.ShouldBeLittleAsync(async () =>
            {
                using var closed = await server.Test.ConnectAsync();
                await closed.InitAsync();
                await closed.Raw.SendAsync(message, WebSocketMessageType.Text, true, Cancel.Test);
                (await CloseCodeAsync(closed)).ShouldBeOneOf(
                    4400, (int)WebSocketCloseStatus.InvalidPayloadData, null);
            });
            return;
        }

        using var socket = await server.Test.ConnectAsync();
        await socket.InitAsync();
        JsonElement payload = default;
        await Spent.ShouldBeLittleAsync(async () =>
        {
            await socket.Raw.SendAsync(message, WebSocketMessageType.Text, true, Cancel.Test);
            var received = await socket.ReceiveAsync();
            payload = received.GetProperty("payload");
            if (received.GetProperty("type").GetString() == "next")
                (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("complete");
        });
        CodesOf(payload).ShouldBeIts(hostile);
    }

    [Fact]
    public async Task Leaves_no_memory_behind()
    {
        using var client = await RawClient.ConnectAsync(server.Test.Address);
        await SendAllAsync();
        await SendAllAsync();

        // What stays would stay each time; once, other tests may have left something to the pools of all.
        var growth = new List<long>();
        do
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var i = 0; i < Rounds; i++)
                await SendAllAsync();
            growth.Add(GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        while (growth.Min() >= HeapGrowthBytesMax && growth.Count < StretchesMax);
        growth.Min().ShouldBeLessThan(HeapGrowthBytesMax);

        async Task SendAllAsync()
        {
            foreach (var hostile in HostileCorpus.All)
            {
                await client.SendAsync(RawClient.Post(hostile.Body));
                (await client.ReceiveAsync()).ShouldNotBeNull(hostile.Name);
            }
        }
    }

    /// <summary>
    /// Null when the connection ends before its close frame is read, as it may when a text is no UTF-8 (RFC 6455, 8.1).
    /// </summary>
    private static async Task<int?> CloseCodeAsync(TestSocket socket)
    {
        try
        {
            return (await socket.ReceiveCloseAsync()).Code;
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    /// <summary>Whether the body is a request, though perhaps one without an operation that can run.</summary>
    private static bool IsExecutable(HostileCase hostile) =>
        hostile.Code is not (ErrorCodes.BatchingNotSupported or ErrorCodes.BadRequest) ||
        hostile.Name.Contains("operation", StringComparison.Ordinal) &&
        !hostile.Name.Contains("half", StringComparison.Ordinal) &&
        !hostile.Name.Contains("UTF-8", StringComparison.Ordinal);

    private static string[] CodesOf(JsonElement response)
    {
        var errors = response.ValueKind == JsonValueKind.Array ? response
            : response.TryGetProperty("errors", out var given) ? given
            : default;
        return errors.ValueKind != JsonValueKind.Array ? [] : [.. errors.EnumerateArray()
            .Select(error => error.GetProperty("extensions").GetProperty("code").GetString()!).Distinct()];
    }

    public sealed class Server : IAsyncLifetime
    {
        public TestServer Test { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Test = await TestServer.StartAsync(builder => builder.AddHostile());

        public ValueTask DisposeAsync() => Test.DisposeAsync();
    }
}

internal static class HostileAssertions
{
    public static void ShouldBeIts(this string[] codes, HostileCase hostile)
    {
        if (hostile.Code is null)
            codes.ShouldBeEmpty();
        else
            codes.ShouldContain(hostile.Code);
    }
}
