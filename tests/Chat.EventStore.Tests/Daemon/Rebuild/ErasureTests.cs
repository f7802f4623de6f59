using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.EventStore.Tests;

public sealed class ErasureTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid stream = Guid.NewGuid();
    private readonly Profiles profiles = new();

    [Theory]
    [InlineData(RebuildPhase.Indexing)]
    [InlineData(RebuildPhase.Swapping)]
    public async Task What_is_erased_while_it_is_copied_is_not_in_the_result(RebuildPhase phase)
    {
        var subjects = await AppendAsync();
        var eraser = NewStore();
        var erased = false;
        var reports = new Reports(one =>
        {
            if (one.Phase == phase && !erased)
            {
                eraser.Keys.EraseAsync(subjects[3], Stop).GetAwaiter().GetResult();
                erased = true;
            }
        });

        await NewRebuild(new()).RunAsync(profiles, reports, Stop);

        (await NamesAsync()).ShouldBe("name 0,name 1,name 2,,name 4");
        reports.All.Count(one => one is { Phase: RebuildPhase.Loading, Done: 0 }).ShouldBe(2);
    }

    [Fact]
    public async Task What_is_erased_while_the_swap_waits_for_readers_is_not_in_the_result()
    {
        var subjects = await AppendAsync();
        await ProjectionTables.EnsureAsync(DataSource, profiles, Stop);
        await using var reader = await DataSource.OpenConnectionAsync(Stop);
        await using var reading = await reader.BeginTransactionAsync(Stop);
        await reader.RunAsync("LOCK test_profiles.profile_name IN ACCESS SHARE MODE", Stop);
        var rebuild = Task.Run(() =>
            NewRebuild(new() { StandstillMax = TimeSpan.FromSeconds(10) }).RunAsync(profiles, null, Stop));
        const string Waits =
            """
            SELECT EXISTS (SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted
                AND relation = 'test_profiles.profile_name'::regclass)
            """;
        for (var tries = 0; !await ScalarAsync<bool>(Waits); tries++)
        {
            tries.ShouldBeLessThan(400);
            await Task.Delay(20, Stop);
        }

        await NewStore().Keys.EraseAsync(subjects[2], Stop);
        await reading.CommitAsync(Stop);
        await rebuild;

        (await NamesAsync()).ShouldBe("name 0,name 1,,name 3,name 4");
    }

    [Fact]
    public async Task A_key_that_is_still_known_here_though_erased_elsewhere_is_not_used()
    {
        var subjects = await AppendAsync();
        await foreach (var one in Store.ReadAllAsync(0, cancellationToken: Stop))
            ((ProfileChanged)one.Data).DisplayName.ShouldNotBe("");
        await NewStore().Keys.EraseAsync(subjects[1], Stop);

        await NewRebuild(new()).RunAsync(profiles, null, Stop);

        (await NamesAsync()).ShouldBe("name 0,,name 2,name 3,name 4");
    }

    [Fact]
    public async Task Erasures_that_never_end_end_the_rebuild()
    {
        await AppendAsync();
        var eraser = NewStore();
        var reports = new Reports(one =>
        {
            if (one.Phase == RebuildPhase.Indexing)
                eraser.Keys.EraseAsync(Guid.NewGuid(), Stop).GetAwaiter().GetResult();
        });

        (await Should.ThrowAsync<RebuildFailedException>(
            () => NewRebuild(new() { ErasureRestartsMax = 1 }).RunAsync(profiles, reports, Stop)))
            .Message.ShouldContain("each of 2 attempts");

        (await ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'test\\_profiles\\_\\_%'"))
            .ShouldBe(0);
    }

    private ProjectionRebuild NewRebuild(RebuildOptions options) =>
        new(Store, Store.DataSource, options, NullLogger<ProjectionRebuild>.Instance);

    private async Task<Guid[]> AppendAsync()
    {
        await ExecuteAsync("DROP SCHEMA IF EXISTS test_profiles CASCADE");
        Guid[] subjects = [.. Enumerable.Range(0, 5).Select(_ => Guid.NewGuid())];
        await Store.AppendAsync(
            new()
            {
                StreamId = stream,
                Events = [.. subjects.Select((subject, i) =>
                    new NewEvent(Guid.NewGuid(), new ProfileChanged(subject, $"name {i}", "mail", Mood.Calm)))],
            },
            Stop);
        return subjects;
    }

    private Task<string> NamesAsync() =>
        ScalarAsync<string>("SELECT string_agg(name, ',' ORDER BY sequence) FROM test_profiles.profile_name");

    private sealed record ProfileName(string? Name);

    private sealed class Profiles() : FlatTableProjection<ProfileName>("test_profiles")
    {
        protected override ProfileName Project(StoredEvent one) => new(((ProfileChanged)one.Data).DisplayName);
    }
}
