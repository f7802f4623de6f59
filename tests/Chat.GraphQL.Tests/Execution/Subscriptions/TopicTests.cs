using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution.Subscriptions;

/// <summary>Topics within a process: nothing is lost without a word.</summary>
public sealed class TopicTests
{
    private const string Live = "subscription { live { number counted } }";

    [Fact]
    public async Task A_burst_reaches_every_subscriber_once_and_in_order_and_a_stuck_one_holds_nobody_up()
    {
        const int subscribers = 1_000;
        const int events = 200;
        await using var server = Start();
        var topics = server.Service<InMemoryTopics>();
        var members = new List<Subscriber>();
        for (var i = 0; i <= subscribers; i++)
            members.Add(new Subscriber(server, Live));
        var stuck = members[^1];
        stuck.Begin();
        var readers = members.Take(subscribers).Select(member => Task.Run(async () =>
        {
            member.Begin();
            for (var number = 1; number <= events; number++)
                NumberOf(await member.NextAsync()).ShouldBe(number);
            return events;
        })).ToArray();
        await Eventually.HoldsAsync(() => server.Executor.Groups.Members == subscribers + 1, "all are subscribed");
        for (var number = 1; number <= events; number++)
            await topics.SendAsync("numbers", new Numbered(number));
        (await Task.WhenAll(readers)).Sum().ShouldBe(subscribers * events);
        server.Service<Tally>().Executions.ShouldBe(events, "one execution for all");
        for (var number = 1; number <= events; number++)
            NumberOf(await stuck.NextAsync()).ShouldBe(number);
        await topics.CompleteAsync("numbers");
        foreach (var member in members)
        {
            (await member.NextAsync()).ShouldBeNull();
            await member.DisposeAsync();
        }

        topics.Count.ShouldBe(0);
        server.Executor.Groups.Count.ShouldBe(0);
    }

    [Fact]
    public async Task The_same_message_sent_again_is_another_event()
    {
        await using var server = Start();
        var topics = server.Service<InMemoryTopics>();
        await using var one = new Subscriber(server, Live);
        await using var other = new Subscriber(server, Live);
        one.Begin();
        other.Begin();
        await Eventually.HoldsAsync(() => server.Executor.Groups.Members == 2, "both are subscribed");
        var message = new Numbered(7);
        for (var i = 0; i < 3; i++)
            await topics.SendAsync("numbers", message);
        foreach (var reader in new[] { one, other })
        {
            foreach (var execution in new[] { 1, 2, 3 })
            {
                (await reader.NextAsync()).ShouldBe(
                    $"{{\"data\":{{\"live\":{{\"number\":7,\"counted\":{execution}}}}}}}");
            }
        }
    }

    [Fact]
    public async Task A_subscriber_that_falls_too_far_behind_is_told_after_what_was_kept_for_it()
    {
        await using var server = Start(options => options.TopicBufferCapacity = 5);
        var topics = server.Service<InMemoryTopics>();
        await using var slow = new Subscriber(server, Live);
        await using var fast = new Subscriber(server, Live);
        slow.Begin();
        for (var number = 1; number <= 10; number++)
        {
            fast.Begin();
            await topics.SendAsync("numbers", new Numbered(number));
            NumberOf(await fast.NextAsync()).ShouldBe(number);
        }

        // The first one had been waited for; five are kept after that.
        for (var number = 1; number <= 6; number++)
            NumberOf(await slow.NextAsync()).ShouldBe(number);
        (await Should.ThrowAsync<SubscriptionEndedException>(slow.NextAsync())).Error.Code
            .ShouldBe(ErrorCodes.SubscriptionOverflow);
        server.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_with_a_position_reads_on_from_there_and_loses_nothing()
    {
        await using var server = Start(options => options.TopicBufferCapacity = 5);
        var topics = server.Service<InMemoryTopics>();
        var log = server.Service<Log>();
        for (var number = 1; number <= 3; number++)
            log.Append(new Numbered(number));
        await using var slow = new Subscriber(server, "subscription { logged(after: 1) { number } }");
        slow.Begin();
        NumberOf(await slow.NextAsync()).ShouldBe(2);
        for (var number = 4; number <= 40; number++)
        {
            log.Append(new Numbered(number));
            await topics.SendAsync("numbers", new Numbered(number));
        }

        for (var number = 3; number <= 40; number++)
            NumberOf(await slow.NextAsync()).ShouldBe(number);
        log.Reads.ShouldBeGreaterThan(1, "it was told and read the log again");
        var next = slow.NextAsync();
        log.Append(new Numbered(41));
        await topics.SendAsync("numbers", new Numbered(41));
        NumberOf(await next).ShouldBe(41);
    }

    [Fact]
    public async Task A_source_without_a_position_to_begin_with_learns_it_from_its_first_event()
    {
        await using var server = Start(options => options.TopicBufferCapacity = 2);
        var topics = server.Service<InMemoryTopics>();
        var log = server.Service<Log>();
        log.Append(new Numbered(1));
        await using var slow = new Subscriber(server, "subscription { logged { number } }");
        slow.Begin();
        await Eventually.HoldsAsync(() => topics.Count == 1, "it is subscribed");
        for (var number = 2; number <= 20; number++)
        {
            log.Append(new Numbered(number));
            await topics.SendAsync("numbers", new Numbered(number));
        }

        for (var number = 2; number <= 20; number++)
            NumberOf(await slow.NextAsync()).ShouldBe(number);
    }

    [Fact]
    public async Task A_topic_has_one_type_of_messages_and_ends_with_its_last_subscriber()
    {
        await using var server = Start();
        var topics = server.Service<InMemoryTopics>();
        await topics.SendAsync("t", "nobody hears it");
        var stream = await topics.SubscribeAsync<string>("t", Cancel.Test);
        await Should.ThrowAsync<InvalidOperationException>(async () => await topics.SendAsync("t", 1));
        await Should.ThrowAsync<InvalidOperationException>(async () => await topics.SubscribeAsync<int>("t"));
        await topics.SendAsync("t", "heard");
        await using (var messages = stream.GetAsyncEnumerator(Cancel.Test))
        {
            (await messages.MoveNextAsync()).ShouldBeTrue();
            messages.Current.ShouldBe("heard");
            Should.Throw<InvalidOperationException>(() => stream.GetAsyncEnumerator());
        }

        topics.Count.ShouldBe(0);
        await topics.SendAsync("t", 1);
    }

    [Fact]
    public async Task Subscribers_that_come_and_go_while_messages_are_sent_get_a_run_without_holes()
    {
        await using var server = Start();
        var topics = server.Service<InMemoryTopics>();
        using var stopping = new CancellationTokenSource();
        var sent = 0;
        var sending = Task.Run(async () =>
        {
            while (!stopping.IsCancellationRequested)
            {
                await topics.SendAsync("t", ++sent);
                if (sent % 100 == 0)
                    await Task.Yield();
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var round = 0; round < 50; round++)
            {
                await using var stream = await topics.SubscribeAsync<int>("t", Cancel.Test);
                await using var messages = stream.GetAsyncEnumerator(Cancel.Test);
                var count = random.Next(1, 40);
                var last = 0;
                for (var i = 0; i < count && await messages.MoveNextAsync(); i++)
                {
                    if (last > 0)
                        messages.Current.ShouldBe(last + 1);
                    last = messages.Current;
                }
            }
        })));
        await stopping.CancelAsync();
        await sending;
        topics.Count.ShouldBe(0);
    }

    private static int NumberOf(string? response)
    {
        using var json = JsonDocument.Parse(response.ShouldNotBeNull());
        return json.RootElement.GetProperty("data").EnumerateObject().Single().Value.GetProperty("number").GetInt32();
    }

    private static InProcess Start(Action<GraphQLOptions>? options = null) => InProcess.With(
        builder =>
        {
            builder.AddType(typeof(NewsQueries)).AddType(typeof(Subscriptions)).AddType(typeof(NumberedFields))
                .AddInMemorySubscriptions();
            builder.Services.AddSingleton<Tally>().AddSingleton<Log>();
        },
        options);

    public sealed record Numbered(int Number);

    public sealed class Tally
    {
        private int executions;

        public int Executions => executions;

        public int Count() => Interlocked.Increment(ref executions);
    }

    public sealed class Log
    {
        private readonly Lock gate = new();
        private readonly List<Numbered> events = [];

        public int Reads { get; private set; }

        public void Append(Numbered numbered)
        {
            lock (gate)
                events.Add(numbered);
        }

        public async IAsyncEnumerable<Numbered> ReadAfterAsync(
            long position, [EnumeratorCancellation] CancellationToken ct)
        {
            Numbered[] page;
            lock (gate)
            {
                Reads++;
                page = [.. events.Where(numbered => numbered.Number > position)];
            }

            foreach (var numbered in page)
            {
                await Task.Yield();
                ct.ThrowIfCancellationRequested();
                yield return numbered;
            }
        }
    }

    [ObjectType<Numbered>]
    public static class NumberedFields
    {
        public static int Counted(Tally tally) => tally.Count();
    }

    [SubscriptionType]
    public static class Subscriptions
    {
        public static ValueTask<ISourceStream<Numbered>> OpenLive(
            ITopicEventReceiver topics, CancellationToken ct) => topics.SubscribeAsync<Numbered>("numbers", ct);

        [Subscribe(With = nameof(OpenLive))]
        public static Numbered Live([EventMessage] Numbered numbered) => numbered;

        public static IAsyncEnumerable<Numbered> OpenLogged(
            long? after, ITopicEventReceiver topics, Log log, CancellationToken ct) =>
            topics.ReadFromAsync<Numbered>("numbers", numbered => numbered.Number, log.ReadAfterAsync, after, ct);

        [Subscribe(With = nameof(OpenLogged))]
        public static Numbered Logged([EventMessage] Numbered numbered) => numbered;
    }
}
