using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>
/// An event that cannot be made because of a passing outage ends its subscription, so that the client can ask for it
/// again.
/// </summary>
public sealed class SubscriptionEndTests
{
    private const string Subscription =
        "subscription ($after: Int!) { numbers(after: $after) { number fragile items { fragile } } }";

    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData("outage", "UNAVAILABLE")]
    [InlineData("outages", "UNAVAILABLE")]
    [InlineData("masked outage", ErrorCodes.Internal)]
    [InlineData("hang", ErrorCodes.RequestTimeout)]
    [InlineData("stubborn", ErrorCodes.RequestTimeout)]
    public async Task An_outage_ends_the_subscription_and_its_event_can_be_asked_for_again(string failure, string code)
    {
        await using var server = await StartAsync();
        var weather = server.Services.GetRequiredService<Weather>();
        using var socket = await ConnectAsync(server);
        weather.Failures[2] = failure;
        await socket.SubscribeAsync("1", Subscription, new { after = 0 });
        (await NextAsync(socket)).ShouldBe(1);
        var error = await socket.ReceiveAsync();
        error.GetProperty("type").GetString().ShouldBe("error");
        error.GetProperty("id").GetString().ShouldBe("1");
        error.GetProperty("payload").GetArrayLength().ShouldBe(1);
        error.GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString().ShouldBe(code);
        weather.SourcesEnded.ShouldBe(1, "the source is left before the client is told");

        weather.Failures.Clear();
        await socket.SubscribeAsync("1", Subscription, new { after = 1 });
        (await NextAsync(socket)).ShouldBe(2);
        (await NextAsync(socket)).ShouldBe(3);
        (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("complete");
        weather.SourcesEnded.ShouldBe(2);
    }

    [Fact]
    public async Task The_ending_error_has_the_place_of_its_field_and_no_others_beside_it()
    {
        await using var server = await StartAsync();
        server.Services.GetRequiredService<Weather>().Failures[1] = "bug and outage";
        using var socket = await ConnectAsync(server);
        await socket.SubscribeAsync("1", Subscription, new { after = 0 });
        (await socket.ReceiveAsync()).GetRawText().ShouldBe(
            "{\"id\":\"1\",\"type\":\"error\",\"payload\":[{\"message\":\"Try again.\"," +
            "\"locations\":[{\"line\":1,\"column\":79}],\"path\":[\"numbers\",\"items\",1,\"fragile\"]," +
            "\"extensions\":{\"code\":\"UNAVAILABLE\"}}]}");
    }

    [Fact]
    public async Task Any_other_error_is_sent_with_its_event_and_the_stream_goes_on()
    {
        await using var server = await StartAsync();
        var weather = server.Services.GetRequiredService<Weather>();
        weather.Failures[1] = "bug";
        using var socket = await ConnectAsync(server);
        await socket.SubscribeAsync("1", Subscription, new { after = 0 });
        var failed = await socket.ReceiveAsync();
        failed.GetProperty("type").GetString().ShouldBe("next");
        failed.GetProperty("payload").GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()
            .ShouldBe(ErrorCodes.Internal);
        (await NextAsync(socket)).ShouldBe(2);
        (await NextAsync(socket)).ShouldBe(3);
        (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("complete");
    }

    [Fact]
    public async Task Queries_and_mutations_send_such_an_error_with_their_result()
    {
        await using var server = await StartAsync();
        using var socket = await ConnectAsync(server);
        foreach (var operation in new[] { "query", "mutation" })
        {
            await socket.SubscribeAsync("1", operation + " { outage }");
            (await socket.ReceiveAsync()).GetRawText().ShouldStartWith(
                """{"id":"1","type":"next","payload":{"data":{"outage":null},"errors":[{"message":"Try again.",""");
            (await socket.ReceiveAsync()).GetProperty("type").GetString().ShouldBe("complete");
            (await server.QueryAsync(operation + " { outage }")).GetRawText()
                .ShouldStartWith("""{"data":{"outage":null},"errors":[{"message":"Try again.",""");
        }
    }

    private static async Task<int> NextAsync(TestSocket socket)
    {
        var message = await socket.ReceiveAsync();
        message.GetProperty("type").GetString().ShouldBe("next", message.GetRawText());
        message.GetProperty("payload").TryGetProperty("errors", out _).ShouldBeFalse(message.GetRawText());
        return message.GetProperty("payload").GetProperty("data").GetProperty("numbers").GetProperty("number")
            .GetInt32();
    }

    private static async Task<TestSocket> ConnectAsync(TestServer server)
    {
        var socket = await server.ConnectAsync();
        await socket.InitAsync();
        return socket;
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(
        builder =>
        {
            builder.AddType(typeof(Queries)).AddType(typeof(Mutations)).AddType(typeof(Subscriptions))
                .AddType(typeof(NumberedFields)).AddErrorFilter<OutageFilter>();
            builder.Services.AddSingleton<Weather>();
        },
        options => options.RequestTimeout = TimeSpan.FromMilliseconds(500));

    /// <summary>Which events fail, and how.</summary>
    public sealed class Weather
    {
        private int sourcesEnded;

        public ConcurrentDictionary<int, string> Failures { get; } = new();

        public int SourcesEnded => sourcesEnded;

        public void EndSource() => Interlocked.Increment(ref sourcesEnded);
    }

    public sealed class OutageException(bool isMasked) : Exception("host=secret")
    {
        public bool IsMasked => isMasked;
    }

    public sealed class OutageFilter : IErrorFilter
    {
        public GraphQLError OnError(GraphQLError error) => error.Exception switch
        {
            OutageException { IsMasked: true } => error with { EndsSubscription = true },
            OutageException => error with { Message = "Try again.", Code = "UNAVAILABLE", EndsSubscription = true },
            _ => error,
        };
    }

    [GraphQLName("Numbered")]
    public sealed record Numbered(int Number, int Item = 0)
    {
        public IReadOnlyList<Numbered> Items => [this with { Item = 1 }, this with { Item = 2 }];
    }

    [ObjectType<Numbered>]
    public static class NumberedFields
    {
        public static async Task<int?> FragileAsync(
            [Parent] Numbered row, Weather weather, CancellationToken ct)
        {
            await Task.Yield();
            var failure = weather.Failures.GetValueOrDefault(row.Number);
            return (failure, row.Item) switch
            {
                ("bug", 0) or ("bug and outage", 1) => throw new InvalidOperationException("a bug"),
                ("outage", 0) or ("outages", _) or ("bug and outage", 2) => throw new OutageException(isMasked: false),
                ("masked outage", 0) => throw new OutageException(isMasked: true),
                ("hang", 0) => await HangAsync(ct),
                ("stubborn", 0) => await HangAsync(CancellationToken.None),
                _ => row.Number,
            };
        }

        private static async Task<int> HangAsync(CancellationToken ct)
        {
            await Task.Delay(TooLong, ct);
            return 0;
        }
    }

    [QueryType]
    public static class Queries
    {
        public static int? Outage() => throw new OutageException(isMasked: false);
    }

    [MutationType]
    public static class Mutations
    {
        public static int? Outage() => throw new OutageException(isMasked: false);
    }

    [SubscriptionType]
    public static class Subscriptions
    {
        public static async IAsyncEnumerable<Numbered> SubscribeToNumbers(
            int after, Weather weather, [EnumeratorCancellation] CancellationToken ct)
        {
            try
            {
                for (var number = after + 1; number <= 3; number++)
                {
                    await Task.Yield();
                    ct.ThrowIfCancellationRequested();
                    yield return new Numbered(number);
                }
            }
            finally
            {
                weather.EndSource();
            }
        }

        [Subscribe(With = nameof(SubscribeToNumbers))]
        public static Numbered Numbers([EventMessage] Numbered number) => number;
    }
}
