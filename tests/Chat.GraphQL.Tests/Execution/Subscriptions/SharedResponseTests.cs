using System.Runtime.InteropServices;

namespace Chat.GraphQL.Tests.Execution.Subscriptions;

/// <summary>One event, one execution, many subscribers: where the response depends on nobody.</summary>
public sealed class SharedResponseTests
{
    /// <summary>What the cache of documents may take: with the smaller, each subscriber's is prepared anew.</summary>
    private const int AllDocuments = 1_000_000, NoDocument = 1;

    private const string Counted = "subscription ($after: Int) { story(after: $after) { number counted } }";

    [Theory]
    [InlineData(AllDocuments)]
    [InlineData(NoDocument)]
    public async Task An_event_is_executed_once_and_its_bytes_are_shared(int keptBytes)
    {
        await using var server = Newsroom.Start(options => options.MaxCachedDocumentBytes = keptBytes);
        var news = server.Service<Newsroom>();
        // A position chooses events; it does not change what is made of them.
        await using var all = await Crowd.OfAsync(server, 20, i => (Counted, new { after = i }, null));
        for (var number = 1; number <= 3; number++)
        {
            news.Publish(new Story(number));
            var responses = await Task.WhenAll(all.Members.Select(member => member.NextBytesAsync()));
            responses.Select(ArrayOf).Distinct().Count().ShouldBe(1);
            Text(responses[0]).ShouldBe(
                $$$$"""{"data":{"story":{"number":{{{{number}}}},"counted":{{{{number}}}}}}}""");
        }

        news.Executions.ShouldBe(3);
        server.Executor.Groups.Count.ShouldBe(1);
        server.Executor.Groups.Responses.Count.ShouldBe(0, "all have had them");
        await all.DisposeAsync();
        server.Executor.Groups.Count.ShouldBe(0);
        news.Readers.ShouldBe(0);
    }

    [Theory]
    [InlineData("another operation", 2)]
    [InlineData("another alias", 2)]
    [InlineData("a variable below the root", 2)]
    [InlineData("a variable of the event's resolver", 2)]
    [InlineData("a variable of a condition", 2)]
    [InlineData("another tenant", 2)]
    [InlineData("the same tenant", 1)]
    [InlineData("another state that nobody reads", 1)]
    [InlineData("a source that is not shared", 2)]
    [InlineData("a field that asks for the HTTP request", 2)]
    public async Task What_forms_the_response_tells_groups_apart(string difference, int executions)
    {
        foreach (var keptBytes in new[] { AllDocuments, NoDocument })
        {
            await using var server = Newsroom.Start(options => options.MaxCachedDocumentBytes = keptBytes);
            var news = server.Service<Newsroom>();
            await using var all = await Crowd.OfAsync(server, 2, i => Differing(difference, i));
            news.Publish(new Story(1));
            foreach (var member in all.Members)
                (await member.NextAsync())!.ShouldNotContain("errors");
            news.Executions.ShouldBe(executions);
        }
    }

    [Fact]
    public async Task Each_group_gets_what_it_asked_for()
    {
        await using var server = Newsroom.Start();
        const string query = "subscription ($text: String) { story { echo(text: $text) } }";
        await using var all = await Crowd.OfAsync(server, 6, i => (query, new { text = $"{i % 3}" }, null));
        server.Service<Newsroom>().Publish(new Story(1));
        for (var i = 0; i < 6; i++)
            (await all.Members[i].NextAsync()).ShouldBe($$$$"""{"data":{"story":{"echo":"{{{{i % 3}}}}"}}}""");
    }

    [Fact]
    public async Task The_visibility_key_is_computed_once_per_subscription()
    {
        await using var server = Newsroom.Start();
        var news = server.Service<Newsroom>();
        await using var all = await Crowd.OfAsync(server, 4, i => Differing("another tenant", i));
        for (var number = 1; number <= 3; number++)
        {
            news.Publish(new Story(number));
            foreach (var member in all.Members)
                await member.NextAsync();
        }

        news.Keys.ShouldBe(4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Nothing_flows_into_the_execution_from_who_came_first(int subscribers)
    {
        await using var server = Newsroom.Start();
        var news = server.Service<Newsroom>();
        await using var all = await Crowd.OfAsync(
            server, subscribers, _ => ("subscription { story { ambient } }", null, null));
        news.Publish(new Story(1));
        foreach (var member in all.Members)
        {
            news.Ambient.Value = "mine";
            (await member.NextAsync()).ShouldBe("""{"data":{"story":{"ambient":null}}}""");
        }
    }

    [Fact]
    public async Task Who_came_first_may_leave_and_the_others_still_get_their_response()
    {
        await using var server = Newsroom.Start();
        var news = server.Service<Newsroom>();
        var held = news.Held[1] = new TaskCompletionSource();
        await using var all = await Crowd.OfAsync(server, 3, _ => (Counted, null, null));
        var first = all.Members[0].NextAsync();
        news.Publish(new Story(1));
        await Eventually.HoldsAsync(() => news.Executions == 1, "the first has begun");
        var others = all.Members.Skip(1).Select(member => member.NextAsync()).ToArray();
        all.Members[0].Stop();
        await Should.ThrowAsync<OperationCanceledException>(first);
        held.SetResult();
        foreach (var other in others)
            (await other).ShouldBe("""{"data":{"story":{"number":1,"counted":1}}}""");
        news.Cancelled.ShouldBeEmpty();
    }

    [Fact]
    public async Task When_all_have_left_the_execution_stops_and_who_comes_later_has_another()
    {
        await using var server = Newsroom.Start(options => options.RequestTimeout = TimeSpan.FromMinutes(10));
        var news = server.Service<Newsroom>();
        news.Held[1] = new TaskCompletionSource();
        await using var all = await Crowd.OfAsync(server, 3, _ => (Counted, null, null));
        var leaving = all.Members.Take(2).Select(member => member.NextAsync()).ToArray();
        news.Publish(new Story(1));
        await Eventually.HoldsAsync(() => news.Executions == 1, "it has begun");
        all.Members[0].Stop();
        await Should.ThrowAsync<OperationCanceledException>(leaving[0]);
        news.Cancelled.ShouldBeEmpty("one still waits");
        all.Members[1].Stop();
        await Should.ThrowAsync<OperationCanceledException>(leaving[1]);
        await Eventually.HoldsAsync(() => news.Cancelled.Count == 1, "nobody waits");
        news.Held.Clear();
        (await all.Members[2].NextAsync()).ShouldBe("""{"data":{"story":{"number":1,"counted":2}}}""");
    }

    [Fact]
    public async Task A_failing_execution_fails_for_all_with_the_same_trace_and_is_logged_once()
    {
        await using var server = Newsroom.Start();
        await using var all = await Crowd.OfAsync(server, 3, _ => ("subscription { fragile { number } }", null, null));
        server.Service<Newsroom>().Publish(new Story(1));
        var responses = new List<string?>();
        foreach (var member in all.Members)
            responses.Add(await member.NextAsync());
        responses.Distinct().Count().ShouldBe(1);
        responses[0]!.ShouldStartWith("""{"data":{"fragile":null},"errors":[{"message":"Internal error",""");
        server.Log.Entries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_execution_that_takes_too_long_ends_the_subscription_of_all_who_waited()
    {
        await using var server = Newsroom.Start(options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        var news = server.Service<Newsroom>();
        news.Held[1] = new TaskCompletionSource();
        await using var all = await Crowd.OfAsync(server, 3, _ => (Counted, null, null));
        news.Publish(new Story(1));
        foreach (var next in all.Members.Select(member => member.NextAsync()).ToArray())
        {
            (await Should.ThrowAsync<SubscriptionEndedException>(next)).Error.Code
                .ShouldBe(ErrorCodes.RequestTimeout);
        }

        news.Executions.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_kept_for_those_who_are_late_is_bounded()
    {
        await using var server = Newsroom.Start(options => options.MaxSharedEvents = 3);
        var news = server.Service<Newsroom>();
        await using var all = await Crowd.OfAsync(server, 2, _ => (Counted, null, null));
        for (var number = 1; number <= 10; number++)
            news.Publish(new Story(number));
        for (var number = 1; number <= 10; number++)
        {
            await all.Members[0].NextAsync();
            server.Executor.Groups.Responses.Count.ShouldBeLessThanOrEqualTo(3);
        }

        news.Executions.ShouldBe(10);
        for (var number = 1; number <= 10; number++)
            (await all.Members[1].NextAsync())!.ShouldContain($"\"number\":{number},");
        news.Executions.ShouldBeGreaterThan(10, "the oldest were let go");
        await all.DisposeAsync();
        server.Executor.Groups.Responses.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_gets_a_response_that_is_too_old()
    {
        await using var server = Newsroom.Start(options => options.SharedEventLifetime = TimeSpan.Zero);
        var news = server.Service<Newsroom>();
        await using var all = await Crowd.OfAsync(server, 2, _ => (Counted, null, null));
        for (var number = 1; number <= 3; number++)
        {
            news.Publish(new Story(number));
            foreach (var member in all.Members)
                await member.NextAsync();
        }

        news.Executions.ShouldBe(6);
        server.Executor.Groups.Responses.Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task What_is_kept_is_bounded_in_bytes_too()
    {
        await using var server = Newsroom.Start(options => options.MaxSharedEventBytes = 100);
        var news = server.Service<Newsroom>();
        await using var all = await Crowd.OfAsync(server, 2, _ => (Counted, null, null));
        for (var number = 1; number <= 10; number++)
        {
            news.Publish(new Story(number));
            await all.Members[0].NextAsync();
            server.Executor.Groups.Responses.Count.ShouldBeLessThanOrEqualTo(2, "a response has 45 bytes or more");
        }
    }

    [Fact]
    public async Task What_cannot_be_shared_is_a_problem_of_the_schema()
    {
        const string Place = "Subscription.tick (NamelessSubscriptions.Tick)";
        await using var server = InProcess.Of(typeof(NewsQueries), typeof(NamelessSubscriptions));
        Should.Throw<GraphQLSchemaException>(() => server.Executor).Problems.ShouldBe(
        [
            $"{Place}: events of NamelessSubscriptions.Open are shared: they must be objects.",
            $"{Place}: NamelessSubscriptions.KeyOf must return a key.",
            "NamelessSubscriptions.Tock: its class needs one static method Nowhere, the visibility key.",
            "Subscription (NamelessSubscriptions): the type has no fields.",
        ]);
    }

    private static (string Query, object? Variables, string? Viewer) Differing(string difference, int i) =>
        difference switch
        {
            "another operation" => ($"subscription S{i} {{ story {{ counted }} }}", null, null),
            "another alias" => ($"subscription {{ a{i}: story {{ counted }} }}", null, null),
            "a variable below the root" => (
                "subscription ($t: String) { story { counted ... on Story { echo(text: $t) } } }",
                new { t = $"{i}" }, null),
            "a variable of the event's resolver" => (
                "subscription ($s: String) { story(style: $s) { counted } }", new { s = $"{i}" }, null),
            "a variable of a condition" => (
                "subscription ($c: Boolean!) { story { counted number @skip(if: $c) } }", new { c = i == 0 }, null),
            "another tenant" => ("subscription { tenantStory { counted } }", null, $"tenant={i}"),
            "the same tenant" => ("subscription { tenantStory { counted } }", null, "tenant=a"),
            "another state that nobody reads" => ("subscription { story { counted } }", null, $"{i}"),
            "a source that is not shared" => ("subscription { ownStory { counted } }", null, null),
            _ => ("subscription { story { counted http } }", null, null),
        };

    private static byte[] ArrayOf(ReadOnlyMemory<byte> memory)
    {
        MemoryMarshal.TryGetArray(memory, out var segment).ShouldBeTrue();
        return segment.Array!;
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8.Span);
}
