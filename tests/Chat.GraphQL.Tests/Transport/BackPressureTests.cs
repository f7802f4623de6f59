using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>A slow client slows its own source down and loses nothing; one that takes nothing is dropped.</summary>
public sealed class BackPressureTests
{
    private const int Events = 2_000;
    private const int EventSize = 10_000;

    [Fact]
    public async Task The_source_waits_for_the_client_and_nothing_is_lost()
    {
        await using var server = await StartAsync();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SubscribeAsync("1", "subscription { numbers { number text } }");

        // The client reads nothing: the source comes to rest far from its end, whatever the network buffers take.
        var source = server.Services.GetRequiredService<Source>();
        var before = -1;
        while (before != source.Produced)
        {
            before = source.Produced;
            await Task.Delay(300, Cancel.Test);
        }

        before.ShouldBeLessThan(Events);
        for (var i = 0; i < Events; i++)
        {
            (await socket.ReceiveAsync()).GetProperty("payload").GetProperty("data").GetProperty("numbers")
                .GetProperty("number").GetInt32().ShouldBe(i);
        }

        (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("complete");
        await source.Ended.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel.Test);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_for_too_long_is_dropped()
    {
        await using var server = await StartAsync(
            options => options.SocketSendTimeout = TimeSpan.FromMilliseconds(300));
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SubscribeAsync("1", "subscription { numbers { number text } }");
        var source = server.Services.GetRequiredService<Source>();
        await source.Ended.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel.Test);
        source.Produced.ShouldBeLessThan(Events);
        await Should.ThrowAsync<WebSocketException>(async () =>
        {
            while (true)
                await socket.ReceiveAsync();
        });
    }

    private static Task<TestServer> StartAsync(Action<GraphQLOptions>? options = null) => TestServer.StartAsync(
        builder =>
        {
            builder.AddType(typeof(Queries)).AddType(typeof(Subscriptions));
            builder.Services.AddSingleton<Source>();
        },
        options);

    public sealed class Source
    {
        public int Produced { get; set; }

        public TaskCompletionSource Ended { get; } = new();
    }

    [GraphQLName("Numbered")]
    public sealed record Numbered(int Number, string Text);

    [QueryType]
    public static class Queries
    {
        public static int One() => 1;
    }

    [SubscriptionType]
    public static class Subscriptions
    {
        public static async IAsyncEnumerable<Numbered> Produce(
            Source source, [EnumeratorCancellation] CancellationToken ct)
        {
            try
            {
                for (var i = 0; i < Events; i++)
                {
                    ct.ThrowIfCancellationRequested();
                    await Task.Yield();
                    source.Produced++;
                    yield return new Numbered(i, new string('x', EventSize));
                }
            }
            finally
            {
                source.Ended.TrySetResult();
            }
        }

        [Subscribe(With = nameof(Produce))]
        public static Numbered Numbers([EventMessage] Numbered number) => number;
    }
}
