using System.Text;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>What only bytes can say: frames that break RFC 6455, and peers that are gone without a word.</summary>
public sealed class RawSocketTests
{
    private const string Init = """{"type":"connection_init"}""";

    /// <summary>
    /// Close codes of RFC 6455, section 7.4.1. A connection that is failed (section 7.1.7) is dropped right after its
    /// close frame, which therefore may not arrive.
    /// </summary>
    [Theory]
    [InlineData("reserved opcode", 1002)]
    [InlineData("reserved bit", 1002)]
    [InlineData("no mask", 1002)]
    [InlineData("continuation of nothing", 1002)]
    [InlineData("text within a text", 1002)]
    [InlineData("long ping", 1002)]
    [InlineData("ping in fragments", 1002)]
    [InlineData("not UTF-8", 1007)]
    [InlineData("too long", 1009)]
    [InlineData("binary", 4400)]
    public async Task Broken_frames_close_the_socket(string how, int code)
    {
        await using var server = await TestServer.StartAsync(builder => builder.AddChat());
        using var socket = await RawSocket.ConnectAsync(server.Address);
        await socket.SendTextAsync(Init);
        (await socket.ReadFrameAsync())!.Value.Opcode.ShouldBe(RawSocket.Text);
        await BreakAsync(socket, how);
        (await socket.ReadCloseAsync() ?? code).ShouldBe(code);
        server.Services.GetService(typeof(RecordedLog)).ShouldBeOfType<RecordedLog>().Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_peer_that_answers_no_ping_is_dropped_and_its_subscription_ends()
    {
        await using var server = await StartTopicsAsync(
            options => options.SocketPingInterval = TimeSpan.FromMilliseconds(100));
        var topics = (InMemoryTopics)server.Services.GetService(typeof(InMemoryTopics))!;
        using var socket = await RawSocket.ConnectAsync(server.Address);
        await socket.SendTextAsync(Init);
        await socket.SendTextAsync("""{"id":"1","type":"subscribe","payload":{"query":"subscription { ticks }"}}""");
        await Eventually.HoldsAsync(() => topics.Count == 1, "it is subscribed");
        var pings = 0;
        while (await socket.ReadFrameAsync() is var (opcode, _))
            pings += opcode == RawSocket.Ping ? 1 : 0;
        pings.ShouldBeGreaterThan(0);
        await Eventually.HoldsAsync(() => topics.Count == 0, "the subscription has ended");
    }

    [Fact]
    public async Task A_peer_that_answers_its_pings_stays()
    {
        await using var server = await StartTopicsAsync(
            options => options.SocketPingInterval = TimeSpan.FromSeconds(1));
        using var socket = await RawSocket.ConnectAsync(server.Address);
        await socket.SendTextAsync(Init);
        for (var pings = 0; pings < 3;)
        {
            var (opcode, payload) = (await socket.ReadFrameAsync()).ShouldNotBeNull();
            if (opcode != RawSocket.Ping)
                continue;
            pings++;
            await socket.SendFrameAsync(RawSocket.Pong, payload);
        }

        await socket.SendTextAsync("""{"id":"1","type":"subscribe","payload":{"query":"{ one }"}}""");
        Encoding.UTF8.GetString((await socket.ReadFrameAsync())!.Value.Payload).ShouldContain("\"one\":1");
    }

    [Fact]
    public async Task A_ping_of_the_client_is_answered_with_what_it_said()
    {
        await using var server = await TestServer.StartAsync(builder => builder.AddChat());
        using var socket = await RawSocket.ConnectAsync(server.Address);
        await socket.SendFrameAsync(RawSocket.Ping, new byte[] { 1, 2, 3 });
        var (opcode, payload) = (await socket.ReadFrameAsync()).ShouldNotBeNull();
        opcode.ShouldBe(RawSocket.Pong);
        payload.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Subscriptions_of_one_group_on_one_socket_are_told_apart_by_their_ids()
    {
        await using var server = await StartTopicsAsync();
        var executor = (GraphQLExecutor)server.Services.GetService(typeof(GraphQLExecutor))!;
        var topics = (InMemoryTopics)server.Services.GetService(typeof(InMemoryTopics))!;
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        string[] ids = ["a", "\u0001\"", "ä"];
        foreach (var id in ids)
            await socket.SubscribeAsync(id, "subscription { ticks }");
        await Eventually.HoldsAsync(() => executor.Groups.Members == ids.Length, "all are subscribed");
        executor.Groups.Count.ShouldBe(1);
        await topics.SendAsync("ticks", "tick", Cancel.Test);
        var told = new HashSet<string>();
        foreach (var _ in ids)
        {
            var message = await socket.ReceiveAsync();
            message.GetProperty("payload").GetRawText().ShouldBe("""{"data":{"ticks":"tick"}}""");
            told.Add(message.GetProperty("id").GetString()!);
        }

        told.ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task A_subscriber_of_a_topic_that_is_too_slow_is_sent_an_error_with_its_code()
    {
        await using var server = await StartTopicsAsync(options => options.TopicBufferCapacity = 1);
        var executor = (GraphQLExecutor)server.Services.GetService(typeof(GraphQLExecutor))!;
        var topics = (InMemoryTopics)server.Services.GetService(typeof(InMemoryTopics))!;
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SubscribeAsync("1", "subscription { ticks }");
        await Eventually.HoldsAsync(() => executor.Groups.Members == 1, "it is subscribed");
        // More at once than the network takes from a client that does not read.
        var large = new string('x', 1_000_000);
        for (var i = 0; i < 100; i++)
            await topics.SendAsync("ticks", large, Cancel.Test);
        while (true)
        {
            var message = await socket.ReceiveAsync();
            if (message.GetProperty("type").GetString() == "next")
                continue;
            message.GetProperty("type").GetString().ShouldBe("error");
            message.GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString()
                .ShouldBe(ErrorCodes.SubscriptionOverflow);
            break;
        }

        await Eventually.HoldsAsync(() => topics.Count == 0, "it has ended");
    }

    internal static Task<TestServer> StartTopicsAsync(Action<GraphQLOptions>? options = null) => TestServer.StartAsync(
        builder => builder.AddType(typeof(Queries)).AddType(typeof(Subscriptions)).AddInMemorySubscriptions(), options);

    private static Task BreakAsync(RawSocket socket, string how) => how switch
    {
        "reserved opcode" => socket.SendFrameAsync(3, "x"u8.ToArray()),
        "reserved bit" => socket.SendFrameAsync(RawSocket.Text, "x"u8.ToArray(), first: 0xC0),
        "no mask" => socket.SendFrameAsync(RawSocket.Text, new byte[10], isMasked: false),
        "continuation of nothing" => socket.SendFrameAsync(RawSocket.Continuation, "x"u8.ToArray()),
        "text within a text" => SendTwiceAsync(socket),
        "long ping" => socket.SendFrameAsync(RawSocket.Ping, new byte[126]),
        "ping in fragments" => socket.SendFrameAsync(RawSocket.Ping, "x"u8.ToArray(), first: 0),
        "not UTF-8" => socket.SendFrameAsync(RawSocket.Text, new byte[] { 0xC3, 0x28 }),
        "too long" => socket.SendFrameAsync(RawSocket.Text, Encoding.UTF8.GetBytes(new string(' ', 300_000))),
        _ => socket.SendFrameAsync(RawSocket.Binary, "x"u8.ToArray()),
    };

    private static async Task SendTwiceAsync(RawSocket socket)
    {
        await socket.SendFrameAsync(RawSocket.Text, "{"u8.ToArray(), first: 0);
        await socket.SendFrameAsync(RawSocket.Text, "}"u8.ToArray());
    }

    [QueryType]
    public static class Queries
    {
        public static int One() => 1;
    }

    [SubscriptionType]
    public static class Subscriptions
    {
        public static ValueTask<ISourceStream<string>> OpenTicks(ITopicEventReceiver topics, CancellationToken ct) =>
            topics.SubscribeAsync<string>("ticks", ct);

        [Subscribe(With = nameof(OpenTicks))]
        public static string Ticks([EventMessage] string tick) => tick;
    }
}
