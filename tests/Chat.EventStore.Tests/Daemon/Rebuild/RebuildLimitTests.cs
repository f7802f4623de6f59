namespace Chat.EventStore.Tests;

public sealed class RebuildLimitTests(StoreDatabase database) : StoreTest(database)
{
    [Fact]
    public async Task Pages_come_in_order_whole_and_bounded_by_count_and_bytes()
    {
        foreach (var text in Enumerable.Range(0, 40))
            await PostAsync(Guid.NewGuid(), new string('x', text % 5 == 0 ? 3000 : 10));
        var bounded = NewStore(options => options.ReadPageBytes = 4000);
        var last = await ScalarAsync<long>("SELECT max(seq_id) FROM mt_events");
        var sequences = new List<long>();

        var pages = new RebuildPages(bounded.Log, pageEvents: 7, readers: 3);
        await foreach (var page in pages.ReadAsync(2, last - 1, Stop))
        {
            page.Count.ShouldBeInRange(1, 7);
            page.Take(page.Count - 1).Sum(one => one.Bytes).ShouldBeLessThan(4000);
            sequences.AddRange(page.Select(one => one.Sequence));
        }

        sequences.ShouldBe(Enumerable.Range(3, (int)last - 3).Select(one => (long)one));
    }

    [Fact]
    public async Task No_more_pages_are_read_ahead_than_there_are_readers()
    {
        for (var i = 0; i < 30; i++)
            await PostAsync(Guid.NewGuid());
        var connections = NewStore(connect: builder => builder.ApplicationName = "pages");
        await foreach (var page in new RebuildPages(connections.Log, pageEvents: 1, readers: 2).ReadAsync(0, 30, Stop))
        {
            page.Count.ShouldBe(1);
            await Task.Delay(5, Stop);
        }

        (await ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pages'"))
            .ShouldBeInRange(1, 2);
    }

    [Fact]
    public async Task A_failed_page_surfaces_and_the_others_end_with_it()
    {
        await PostAsync(Guid.NewGuid());
        await UseOwnDatabaseAsync();
        await ExecuteAsync("DROP TABLE mt_events CASCADE");
        var pages = new RebuildPages(NewStore().Log, pageEvents: 1, readers: 4).ReadAsync(0, 100, Stop);

        await Should.ThrowAsync<Npgsql.PostgresException>(async () =>
        {
            await foreach (var page in pages)
                page.Count.ShouldBe(0);
        });
    }

    [Fact]
    public void Reports_come_at_most_once_an_interval_and_at_each_change_of_phase()
    {
        var clock = new ManualClock();
        var reports = new Reports();
        var report = new RebuildReport("P", reports, TimeSpan.FromSeconds(1), clock);
        report.Begin(1000);
        for (var i = 1; i <= 100; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            report.Reached(i * 5, 4);
        }

        reports.All.Count.ShouldBe(11);
        reports.All[^1].ShouldBe(new(
            "P", RebuildPhase.Loading, 500, 1000, 400, 40, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)));
        report.Enter(RebuildPhase.Indexing);
        reports.All.Count.ShouldBe(12);
        report.Begin(2000);
        (report.Now.Done, report.Now.Events, report.Now.Total, report.Now.Remaining).ShouldBe((0, 0, 2000, null));
    }

    [Fact]
    public void Limits_that_make_no_sense_are_refused_by_name()
    {
        new RebuildOptions().Validate();
        foreach (var (name, wrong) in new (string, Action<RebuildOptions>)[]
        {
            (nameof(RebuildOptions.PageEvents), options => options.PageEvents = 0),
            (nameof(RebuildOptions.Readers), options => options.Readers = 0),
            (nameof(RebuildOptions.Writers), options => options.Writers = 0),
            (nameof(RebuildOptions.StatesMax), options => options.StatesMax = 0),
            (nameof(RebuildOptions.ReportInterval), options => options.ReportInterval = TimeSpan.Zero),
            (nameof(RebuildOptions.SwapGapEvents), options => options.SwapGapEvents = -1),
            (nameof(RebuildOptions.LivePatience), options => options.LivePatience = TimeSpan.FromTicks(-1)),
            (nameof(RebuildOptions.TableLockTimeout), options => options.TableLockTimeout = TimeSpan.FromSeconds(3)),
            (nameof(RebuildOptions.SwapPatience), options => options.SwapPatience = TimeSpan.FromSeconds(1)),
            (nameof(RebuildOptions.ErasureRestartsMax), options => options.ErasureRestartsMax = -1),
        })
        {
            var options = new RebuildOptions();
            wrong(options);
            Should.Throw<InvalidOperationException>(options.Validate).Message.ShouldContain(name);
        }
    }
}
