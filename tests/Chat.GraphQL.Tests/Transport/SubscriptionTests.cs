using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>Source streams (specification 6.2.3): their scopes, their end and their failures.</summary>
public sealed class SubscriptionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_source_has_a_scope_and_each_event_has_its_own()
    {
        await using var server = await StartAsync();
        using var socket = await ConnectAsync(server);
        await socket.SubscribeAsync("1", "subscription { ticks(count: 3) { number scope sourceScope } }");
        var scopes = new HashSet<int>();
        for (var i = 0; i < 3; i++)
        {
            var tick = Data(await socket.ReceiveAsync()).GetProperty("ticks");
            tick.GetProperty("number").GetInt32().ShouldBe(i);
            tick.GetProperty("sourceScope").GetInt32().ShouldBe(1);
            scopes.Add(tick.GetProperty("scope").GetInt32());
        }

        scopes.Count.ShouldBe(3);
        scopes.ShouldNotContain(1);
        (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("complete");
        var scopeCount = server.Services.GetRequiredService<Scopes>();
        await Eventually(() => scopeCount.Disposed == scopeCount.Created);
    }

    [Fact]
    public async Task A_source_that_fails_midway_ends_with_an_error()
    {
        await using var server = await StartAsync();
        using var socket = await ConnectAsync(server);
        await socket.SubscribeAsync("1", "subscription { ticks(count: 5, failAt: 1) { number } }");
        Data(await socket.ReceiveAsync()).GetRawText().ShouldBe("""{"ticks":{"number":0}}""");
        var error = await socket.ReceiveAsync();
        error.GetProperty("type").GetString().ShouldBe("error");
        error.GetProperty("payload")[0].GetProperty("message").GetString().ShouldBe("Internal error");
        error.GetProperty("payload")[0].GetProperty("path")[0].GetString().ShouldBe("ticks");
    }

    [Fact]
    public async Task An_event_that_fails_is_sent_and_the_next_one_follows()
    {
        await using var server = await StartAsync();
        using var socket = await ConnectAsync(server);
        await socket.SubscribeAsync("1", "subscription { ticks(count: 2) { number onlyOdd } }");
        var failed = (await socket.ReceiveAsync()).GetProperty("payload");
        failed.GetProperty("data").ValueKind.ShouldBe(JsonValueKind.Null);
        failed.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString().ShouldBe("EVEN");
        Data(await socket.ReceiveAsync()).GetRawText().ShouldBe("""{"ticks":{"number":1,"onlyOdd":1}}""");
    }

    [Fact]
    public async Task Sources_may_be_opened_asynchronously_and_give_plain_values()
    {
        await using var server = await StartAsync();
        using var socket = await ConnectAsync(server);
        await socket.SubscribeAsync("1", "subscription { plain }");
        Data(await socket.ReceiveAsync()).GetRawText().ShouldBe("""{"plain":7}""");
        (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("complete");
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("abort")]
    [InlineData("close")]
    public async Task A_source_ends_when_its_client_does(string how)
    {
        await using var server = await StartAsync();
        using var socket = await ConnectAsync(server);
        await socket.SubscribeAsync("1", "subscription { ticks(count: 1, hang: true) { number } }");
        await socket.ReceiveAsync();
        switch (how)
        {
            case "complete":
                await socket.SendAsync(new { type = "complete", id = "1" });
                break;
            case "abort":
                socket.Raw.Abort();
                break;
            default:
                await socket.Raw.CloseAsync(
                    System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, "", Cancel.Test);
                break;
        }

        var scopes = server.Services.GetRequiredService<Scopes>();
        await scopes.SourceEnded.Task.WaitAsync(Patience, Cancel.Test);
        await Eventually(() => scopes.Disposed == scopes.Created);
    }

    [Fact]
    public async Task Subscriptions_need_a_socket_or_an_event_stream()
    {
        await using var server = await StartAsync();
        (await server.QueryAsync("subscription { plain }")).GetProperty("errors")[0].GetProperty("message").GetString()
            .ShouldBe("Subscriptions need a WebSocket (graphql-transport-ws) or Accept: text/event-stream.");
    }

    private static JsonElement Data(JsonElement message) => message.GetProperty("payload").GetProperty("data");

    private static async Task Eventually(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
            await Task.Delay(10, patience.Token);
    }

    private static async Task<TestSocket> ConnectAsync(TestServer server)
    {
        var socket = await server.ConnectAsync();
        await socket.InitAsync();
        return socket;
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(builder =>
    {
        builder.AddType(typeof(Queries)).AddType(typeof(Subscriptions)).AddType(typeof(TickFields));
        builder.Services.AddSingleton<Scopes>().AddScoped<ScopeNumber>();
    });

    public sealed class Scopes
    {
        private int created;
        private int disposed;

        public int Created => created;

        public int Disposed => disposed;

        public TaskCompletionSource SourceEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Create() => Interlocked.Increment(ref created);

        public void Dispose() => Interlocked.Increment(ref disposed);
    }

    public sealed class ScopeNumber(Scopes scopes) : IDisposable
    {
        public int Number { get; } = scopes.Create();

        public void Dispose() => scopes.Dispose();
    }

    [GraphQLName("Tick")]
    public sealed record Tick(int Number, int SourceScope);

    [ObjectType<Tick>]
    public static class TickFields
    {
        public static int Scope([Parent] Tick tick, ScopeNumber scope) => scope.Number + (tick.Number * 0);

        public static int OnlyOdd([Parent] Tick tick) =>
            tick.Number % 2 == 1 ? tick.Number : throw new GraphQLException("even", "EVEN");
    }

    [QueryType]
    public static class Queries
    {
        public static int One() => 1;
    }

    [SubscriptionType]
    public static class Subscriptions
    {
        public static async IAsyncEnumerable<Tick> Tick(
            int count, int? failAt, Scopes scopes, ScopeNumber scope, bool hang = false,
            [EnumeratorCancellation] CancellationToken ct = default)
        {
            try
            {
                for (var i = 0; i < count; i++)
                {
                    if (i == failAt)
                        throw new InvalidOperationException("secret");
                    yield return new Tick(i, scope.Number);
                }

                if (hang)
                    await Task.Delay(Timeout.Infinite, ct);
            }
            finally
            {
                scopes.SourceEnded.TrySetResult();
            }
        }

        [Subscribe(With = nameof(Tick))]
        public static Tick Ticks([EventMessage] Tick tick) => tick;

        public static async Task<IAsyncEnumerable<int>> Open()
        {
            await Task.Yield();
            return Seven();
        }

        [Subscribe(With = nameof(Open))]
        public static int Plain([EventMessage] int number) => number;

        private static async IAsyncEnumerable<int> Seven()
        {
            await Task.Yield();
            yield return 7;
        }
    }
}
