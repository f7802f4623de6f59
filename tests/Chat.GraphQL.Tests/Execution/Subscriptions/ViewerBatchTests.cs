namespace Chat.GraphQL.Tests.Execution.Subscriptions;

/// <summary>One event, one run, many viewers: where the response depends on who asks.</summary>
public sealed class ViewerBatchTests
{
    private static readonly TimeSpan NoHurry = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Each_viewer_gets_their_own_response_and_each_loader_fires_once()
    {
        await using var server = Newsroom.Start(options => options.EventBatchWindow = NoHurry);
        var news = server.Service<Newsroom>();
        const string query = "subscription { story { number reader me { name rank } editor { rank } } }";
        await using var all = await Crowd.OfAsync(server, 30, i => (query, null, Name(i % 15)));
        news.AuthorBatches.Clear();
        news.RankBatches.Clear();
        for (var number = 1; number <= 3; number++)
        {
            news.Publish(new Story(number));
            var responses = await Task.WhenAll(all.Members.Select(member => member.NextAsync()));
            for (var i = 0; i < responses.Length; i++)
            {
                var name = Name(i % 15);
                responses[i].ShouldBe(
                    "{\"data\":{\"story\":{\"number\":" + number + ",\"reader\":\"" + name + "\",\"me\":{\"name\":\"" +
                    name + "\",\"rank\":" + name.Length + "},\"editor\":{\"rank\":6}}}}");
            }
        }

        var everybody = string.Join(',', Enumerable.Range(0, 15).Select(Name).Append("editor")
            .Order(StringComparer.Ordinal));
        news.AuthorBatches.ShouldBe([everybody, everybody, everybody]);
        // Loads of what was loaded are one batch too.
        news.RankBatches.ShouldBe([everybody, everybody, everybody]);
    }

    [Fact]
    public async Task An_error_of_one_viewer_is_in_their_response_only()
    {
        await using var server = Newsroom.Start();
        await using var all = await Crowd.OfAsync(
            server, 3, i => ("subscription { story { mood } }", null, i == 1 ? "broken" : "fine"));
        server.Service<Newsroom>().Publish(new Story(1));
        var responses = await Task.WhenAll(all.Members.Select(member => member.NextAsync()));
        responses[0].ShouldBe("""{"data":{"story":{"mood":"fine"}}}""");
        responses[2].ShouldBe(responses[0]);
        responses[1]!.ShouldStartWith(
            """{"data":{"story":{"mood":null}},"errors":[{"message":"Internal error","locations":""");
        responses[1]!.ShouldContain("\"path\":[\"story\",\"mood\"]");
    }

    [Fact]
    public async Task A_null_bubbles_up_in_the_response_of_its_viewer_only()
    {
        await using var server = Newsroom.Start();
        await using var all = await Crowd.OfAsync(
            server, 3, i => ("subscription { story { number strict } }", null, i == 1 ? "null" : Name(i)));
        server.Service<Newsroom>().Publish(new Story(1));
        var responses = await Task.WhenAll(all.Members.Select(member => member.NextAsync()));
        responses[0].ShouldBe($$$$"""{"data":{"story":{"number":1,"strict":"{{{{Name(0)}}}}"}}}""");
        responses[1]!.ShouldStartWith("""{"data":null,"errors":[""");
        responses[2].ShouldBe($$$$"""{"data":{"story":{"number":1,"strict":"{{{{Name(2)}}}}"}}}""");
    }

    [Fact]
    public async Task An_error_that_ends_the_subscription_ends_that_of_its_viewer_only()
    {
        await using var server = Newsroom.Start();
        var news = server.Service<Newsroom>();
        var moods = new[] { "fine", "late", "fine" };
        await using var all = await Crowd.OfAsync(
            server, 3, i => ("subscription { story { mood counted } }", null, moods[i]));
        news.CutOff = "late";
        news.Publish(new Story(1));
        var responses = all.Members.Select(member => member.NextAsync()).ToArray();
        (await Should.ThrowAsync<SubscriptionEndedException>(responses[1])).Error.Code.ShouldBe("UNAVAILABLE");
        (await responses[0])!.ShouldStartWith("""{"data":{"story":{"mood":"fine",""");
        (await responses[2])!.ShouldStartWith("""{"data":{"story":{"mood":"fine",""");
        await all.Members[1].DisposeAsync();
        news.Publish(new Story(2));
        (await all.Members[0].NextAsync())!.ShouldStartWith("""{"data":{"story":{"mood":"fine",""");
    }

    [Fact]
    public async Task A_field_that_hangs_for_one_viewer_ends_the_subscription_of_that_one_only()
    {
        await using var server = Newsroom.Start(options =>
        {
            options.EventBatchWindow = NoHurry;
            options.RequestTimeout = TimeSpan.FromSeconds(2);
        });
        var news = server.Service<Newsroom>();
        await using var all = await Crowd.OfAsync(
            server, 3, i => ("subscription { story { mood reader } }", null, Name(i)));
        news.Hanging = Name(1);
        news.Publish(new Story(1));
        var responses = all.Members.Select(member => member.NextAsync()).ToArray();
        (await responses[0]).ShouldBe($$$$"""{"data":{"story":{"mood":"fine","reader":"{{{{Name(0)}}}}"}}}""");
        (await responses[2]).ShouldBe($$$$"""{"data":{"story":{"mood":"fine","reader":"{{{{Name(2)}}}}"}}}""");
        (await Should.ThrowAsync<SubscriptionEndedException>(responses[1])).Error.Code
            .ShouldBe(ErrorCodes.RequestTimeout);
    }

    [Fact]
    public async Task Who_has_no_state_that_a_field_needs_fails_alone()
    {
        await using var server = Newsroom.Start();
        await using var all = await Crowd.OfAsync(
            server, 2, i => ("subscription { story { me { name } reader } }", null, i == 0 ? null : "ann"));
        server.Service<Newsroom>().Publish(new Story(1));
        var responses = await Task.WhenAll(all.Members.Select(member => member.NextAsync()));
        responses[0]!.ShouldContain("\"errors\"");
        responses[1].ShouldBe("""{"data":{"story":{"me":{"name":"ann"},"reader":"ann"}}}""");
    }

    [Theory]
    [InlineData("story")]
    [InlineData("tenantStory")]
    public async Task A_protected_field_is_decided_for_each_viewer(string story)
    {
        await using var server = Newsroom.Start();
        await using var all = await Crowd.OfAsync(
            server, 3, i => ($"subscription {{ {story} {{ forReaders }} }}", null, i == 1 ? "user=ann" : null));
        server.Service<Newsroom>().Publish(new Story(1));
        var responses = await Task.WhenAll(all.Members.Select(member => member.NextAsync()));
        responses[0]!.ShouldContain("\"forReaders\":null");
        responses[0]!.ShouldContain(ErrorCodes.Unauthenticated);
        responses[1].ShouldBe($"{{\"data\":{{\"{story}\":{{\"forReaders\":\"secret\"}}}}}}");
        responses[2].ShouldBe(responses[0]);
    }

    [Fact]
    public async Task Nobody_waits_for_a_member_that_did_not_come_the_last_time()
    {
        await using var server = Newsroom.Start(options => options.EventBatchWindow = TimeSpan.FromMilliseconds(20));
        var news = server.Service<Newsroom>();
        await using var all = await Crowd.OfAsync(
            server, 3, i => ("subscription { story { number reader } }", null, Name(i)));
        var readers = all.Members.Take(2).ToArray();
        news.Publish(new Story(1));
        await Task.WhenAll(readers.Select(member => member.NextAsync()));
        server.Service<GraphQLOptions>().EventBatchWindow = NoHurry;
        for (var number = 2; number <= 5; number++)
        {
            news.Publish(new Story(number));
            await Task.WhenAll(readers.Select(member => member.NextAsync())).WaitAsync(Patience, Cancel.Test);
        }

        server.Service<GraphQLOptions>().EventBatchWindow = TimeSpan.FromMilliseconds(1);
        for (var number = 1; number <= 5; number++)
            (await all.Members[2].NextAsync())!.ShouldContain($"\"number\":{number},");
    }

    [Fact]
    public async Task Who_leaves_while_others_are_waited_for_or_executed_takes_nothing_from_them()
    {
        await using var server = Newsroom.Start(options => options.EventBatchWindow = NoHurry);
        var news = server.Service<Newsroom>();
        await using var all = await Crowd.OfAsync(
            server, 3, i => ("subscription { story { reader counted } }", null, Name(i)));
        var held = news.Held[1] = new TaskCompletionSource();
        news.Publish(new Story(1));
        var gathering = all.Members[0].NextAsync();
        all.Members[0].Stop();
        await Should.ThrowAsync<OperationCanceledException>(gathering);
        var second = all.Members[1].NextAsync();
        var third = all.Members[2].NextAsync();
        await Eventually.HoldsAsync(() => news.Executions > 0, "the run has begun");
        all.Members[1].Stop();
        await Should.ThrowAsync<OperationCanceledException>(second);
        held.SetResult();
        (await third)!.ShouldStartWith($$$$"""{"data":{"story":{"reader":"{{{{Name(2)}}}}",""");
        news.Cancelled.ShouldBeEmpty();
    }

    [Fact]
    public async Task When_all_have_left_the_run_stops()
    {
        await using var server = Newsroom.Start(options =>
            options.EventBatchWindow = options.RequestTimeout = NoHurry);
        var news = server.Service<Newsroom>();
        await using var all = await Crowd.OfAsync(
            server, 2, i => ("subscription { story { reader counted } }", null, Name(i)));
        news.Held[1] = new TaskCompletionSource();
        news.Publish(new Story(1));
        var responses = all.Members.Select(member => member.NextAsync()).ToArray();
        await Eventually.HoldsAsync(() => news.Executions == 2, "a row for each");
        foreach (var (member, response) in all.Members.Zip(responses))
        {
            member.Stop();
            await Should.ThrowAsync<OperationCanceledException>(response);
        }

        await Eventually.HoldsAsync(() => news.Cancelled.Count == 2, "both rows");
    }

    [Fact]
    public async Task More_viewers_than_one_run_takes_are_several_runs()
    {
        await using var server = Newsroom.Start();
        var news = server.Service<Newsroom>();
        var count = EventBatch.MaxRows + 10;
        await using var all = await Crowd.OfAsync(
            server, count, i => ("subscription { story { reader editor { name } } }", null, $"{i}"));
        news.AuthorBatches.Clear();
        news.Publish(new Story(1));
        var responses = await Task.WhenAll(all.Members.Select(member => member.NextAsync()));
        responses.Select((response, i) => response!.Contains($"\"reader\":\"{i}\"")).ShouldAllBe(isRight => isRight);
        news.AuthorBatches.Count.ShouldBeGreaterThan(1);
    }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static string Name(int i) => "viewer" + new string('x', i);
}
