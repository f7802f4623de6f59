namespace Chat.GraphQL.Tests.Execution.Subscriptions;

/// <summary>Events that are ready at once: one run, and a response for each as if it had come alone.</summary>
public sealed class EventPageTests
{
    [Fact]
    public async Task Each_event_has_its_response_in_order_and_each_loader_fires_once()
    {
        await using var server = TelegraphOffice.Start();
        var office = server.Service<TelegraphOffice>();
        var all = await TelegraphOffice.OpenAsync(server, "number doubled reader", "ann");
        await using var ann = all[0];
        office.Send(5, 4, 3, 2, 1);
        office.Send();
        office.Send(7, 6);
        foreach (var number in new[] { 5, 4, 3, 2, 1, 7, 6 })
        {
            (await ann.NextAsync()).ShouldBe(
                "{\"data\":{\"telegram\":{\"number\":" + number + ",\"doubled\":" + (2 * number) +
                ",\"reader\":\"ann\"}}}");
        }

        office.Batches.ShouldBe(["5,4,3,2,1", "7,6"]);
    }

    [Fact]
    public async Task A_page_of_one_event_is_executed_once_for_all_who_share_it()
    {
        await using var server = TelegraphOffice.Start();
        var office = server.Service<TelegraphOffice>();
        var all = await TelegraphOffice.OpenAsync(server, "number doubled", null, null, null);
        office.Send(8);
        foreach (var subscriber in all)
            (await subscriber.NextAsync()).ShouldBe("""{"data":{"telegram":{"number":8,"doubled":16}}}""");
        office.Batches.ShouldBe(["8"]);
        foreach (var subscriber in all)
            await subscriber.DisposeAsync();
    }

    [Fact]
    public async Task An_error_is_in_the_response_of_its_event_only()
    {
        await using var server = TelegraphOffice.Start();
        await using var ann = (await TelegraphOffice.OpenAsync(server, "number third", "ann"))[0];
        server.Service<TelegraphOffice>().Send(2, 3, 4);
        (await ann.NextAsync()).ShouldBe("""{"data":{"telegram":{"number":2,"third":"fine"}}}""");
        var failed = (await ann.NextAsync()).ShouldNotBeNull();
        failed.ShouldStartWith("""{"data":{"telegram":{"number":3,"third":null}},"errors":[{"message":"not this""");
        failed.ShouldContain("""
            "path":["telegram","third"],"extensions":{"code":"THIRD"}}]}
            """.Trim());
        (await ann.NextAsync()).ShouldBe("""{"data":{"telegram":{"number":4,"third":"fine"}}}""");
    }

    [Fact]
    public async Task A_null_bubbles_up_in_the_response_of_its_event_only()
    {
        await using var server = TelegraphOffice.Start();
        await using var ann = (await TelegraphOffice.OpenAsync(server, "number strict", "ann"))[0];
        server.Service<TelegraphOffice>().Send(1, 2, 3);
        (await ann.NextAsync()).ShouldBe("""{"data":{"telegram":{"number":1,"strict":"fine"}}}""");
        (await ann.NextAsync())!.ShouldStartWith("""{"data":null,"errors":[""");
        (await ann.NextAsync()).ShouldBe("""{"data":{"telegram":{"number":3,"strict":"fine"}}}""");
    }

    [Fact]
    public async Task An_error_that_ends_the_subscription_comes_after_the_responses_before_it()
    {
        await using var server = TelegraphOffice.Start();
        var office = server.Service<TelegraphOffice>();
        office.Ending = 3;
        await using var ann = (await TelegraphOffice.OpenAsync(server, "number line", "ann"))[0];
        office.Send(1, 2, 3, 4);
        (await ann.NextAsync()).ShouldBe("""{"data":{"telegram":{"number":1,"line":"up"}}}""");
        (await ann.NextAsync()).ShouldBe("""{"data":{"telegram":{"number":2,"line":"up"}}}""");
        (await Should.ThrowAsync<SubscriptionEndedException>(ann.NextAsync())).Error.Code.ShouldBe("UNAVAILABLE");
        (await ann.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_field_that_hangs_for_one_event_takes_nothing_from_those_before_it()
    {
        await using var server = TelegraphOffice.Start(options => options.RequestTimeout = TimeSpan.FromSeconds(2));
        var office = server.Service<TelegraphOffice>();
        office.Hanging = 3;
        await using var ann = (await TelegraphOffice.OpenAsync(server, "number line", "ann"))[0];
        office.Send(1, 2, 3, 4);
        (await ann.NextAsync()).ShouldBe("""{"data":{"telegram":{"number":1,"line":"up"}}}""");
        (await ann.NextAsync()).ShouldBe("""{"data":{"telegram":{"number":2,"line":"up"}}}""");
        (await Should.ThrowAsync<SubscriptionEndedException>(ann.NextAsync())).Error.Code
            .ShouldBe(ErrorCodes.RequestTimeout);
    }

    [Fact]
    public async Task A_response_that_is_too_large_is_refused_alone()
    {
        await using var server = TelegraphOffice.Start(options => options.MaxResponseBytes = 200);
        await using var ann = (await TelegraphOffice.OpenAsync(server, "text", "ann"))[0];
        server.Service<TelegraphOffice>().Send(150, 201, 5_000, 3);
        (await ann.NextAsync())!.ShouldContain(new string('x', 150));
        (await ann.NextAsync())!.ShouldContain(ErrorCodes.ResponseTooLarge);
        (await ann.NextAsync())!.ShouldContain(ErrorCodes.ResponseTooLarge);
        (await ann.NextAsync()).ShouldBe("""{"data":{"telegram":{"text":"xxx"}}}""");
    }

    [Fact]
    public async Task Who_stops_in_the_middle_of_a_page_gets_no_more_of_it()
    {
        await using var server = TelegraphOffice.Start();
        await using var ann = (await TelegraphOffice.OpenAsync(server, "number", "ann"))[0];
        server.Service<TelegraphOffice>().Send(1, 2, 3);
        (await ann.NextAsync()).ShouldNotBeNull();
        ann.Stop();
        await Should.ThrowAsync<OperationCanceledException>(ann.NextAsync());
    }

    /// <summary>`subscription { telegram { number doubled } }` costs 3.</summary>
    [Theory]
    [InlineData(3, "1|2|3|4|5|6|7")]
    [InlineData(5, "1|2|3|4|5|6|7")]
    [InlineData(9, "1,2,3|4,5,6|7")]
    [InlineData(11, "1,2,3|4,5,6|7")]
    [InlineData(21, "1,2,3,4,5,6,7")]
    public async Task A_run_costs_no_more_than_an_operation_may(int maxCost, string runs)
    {
        await using var server = TelegraphOffice.Start(options => options.MaxCost = maxCost);
        var office = server.Service<TelegraphOffice>();
        await using var ann = (await TelegraphOffice.OpenAsync(server, "number doubled", "ann"))[0];
        office.Send(1, 2, 3, 4, 5, 6, 7);
        for (var number = 1; number <= 7; number++)
            (await ann.NextAsync())!.ShouldContain($"{{\"number\":{number},\"doubled\":{2 * number}}}");
        string.Join('|', office.Batches).ShouldBe(runs);
    }

    /// <summary>What a slow client has not taken stays with the source, but for the page in work.</summary>
    [Fact]
    public async Task Few_runs_are_executed_ahead_and_no_more()
    {
        await using var server = TelegraphOffice.Start();
        var office = server.Service<TelegraphOffice>();
        await using var ann = (await TelegraphOffice.OpenAsync(server, "number doubled", "ann"))[0];
        var numbers = Enumerable.Range(1, (4 * SubscriptionSource.MaxRows) + 2).ToArray();
        office.Send(numbers);
        office.Send(0, 0);
        foreach (var number in numbers)
        {
            (await ann.NextAsync())!.ShouldStartWith($"{{\"data\":{{\"telegram\":{{\"number\":{number},");
            var runs = ((number - 1) / SubscriptionSource.MaxRows) + 1;
            office.Batches.Count.ShouldBeInRange(runs, Math.Min(runs + SubscriptionSource.MaxRunsAhead, 5));
            office.Taken.ShouldBe(1);
        }

        (await ann.NextAsync()).ShouldNotBeNull();
        (office.Taken, office.Batches.Count).ShouldBe((2, 6));
    }
}
