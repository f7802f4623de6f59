namespace Chat.EventStore.Tests;

public sealed class ConditionTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task No_stream_holds_once()
    {
        await Store.AppendAsync(Post(room) with { Condition = AppendCondition.NoStream }, Stop);

        var conflict = await Should.ThrowAsync<ConcurrencyException>(
            () => Store.AppendAsync(Post(room) with { Condition = AppendCondition.NoStream }, Stop));
        (conflict.StreamId, conflict.ActualVersion).ShouldBe((room, 1));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task The_expected_version_must_be_exact(long expected, bool holds)
    {
        await PostAsync(room);
        await PostAsync(room);
        var append = Post(room) with { Condition = AppendCondition.Version(expected) };

        if (holds)
            (await Store.AppendAsync(append, Stop)).FirstVersion.ShouldBe(3);
        else
            (await Should.ThrowAsync<ConcurrencyException>(() => Store.AppendAsync(append, Stop)))
                .ActualVersion.ShouldBe(2);
    }

    [Fact]
    public async Task A_conflict_makes_no_stream()
    {
        await Should.ThrowAsync<ConcurrencyException>(
            () => Store.AppendAsync(Post(room) with { Condition = AppendCondition.Version(5) }, Stop));

        (await Store.FetchStreamStateAsync(room, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_who_expect_the_same_version_one_wins()
    {
        await PostAsync(room);
        var other = NewStore();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(async () =>
        {
            try
            {
                await (i % 2 == 0 ? Store : other)
                    .AppendAsync(Post(room) with { Condition = AppendCondition.Version(1) }, Stop);
                return true;
            }
            catch (ConcurrencyException)
            {
                return false;
            }
        })));

        outcomes.Count(won => won).ShouldBe(1);
        (await Store.FetchStreamStateAsync(room, Stop))!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_tag_written_since_refuses_and_other_tags_do_not()
    {
        await PostAsync(room);
        await Store.AppendAsync(Tagged("governance"), Stop);
        await PostAsync(room);

        await Should.ThrowAsync<ConcurrencyException>(() => Store.AppendAsync(If(1, "governance"), Stop));
        await Should.ThrowAsync<ConcurrencyException>(() => Store.AppendAsync(If(1, "pins", "governance"), Stop));
        (await Store.AppendAsync(If(2, "governance", "pins"), Stop)).FirstVersion.ShouldBe(4);
        (await Store.AppendAsync(If(0, "pins"), Stop)).FirstVersion.ShouldBe(5);
    }

    [Fact]
    public async Task Tags_are_those_of_the_stream()
    {
        await Store.AppendAsync(Tagged("governance"), Stop);

        var elsewhere = Post(Guid.NewGuid()) with { Condition = AppendCondition.Untouched(0, "governance") };
        (await Store.AppendAsync(elsewhere, Stop)).FirstVersion.ShouldBe(1);
    }

    [Fact]
    public async Task Of_racing_appends_that_write_the_tag_they_depend_on_one_wins()
    {
        await PostAsync(room);
        var other = NewStore();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(async () =>
        {
            try
            {
                await (i % 2 == 0 ? Store : other)
                    .AppendAsync(Tagged("pins") with { Condition = AppendCondition.Untouched(1, "pins") }, Stop);
                return true;
            }
            catch (ConcurrencyException)
            {
                return false;
            }
        })));

        outcomes.Count(won => won).ShouldBe(1);
        await ShouldBeSoundAsync();
    }

    [Fact]
    public async Task Conflicts_leave_their_neighbours_whole()
    {
        await PostAsync(room);
        await Store.AppendAsync(Tagged("governance"), Stop);
        var good = new List<Task<AppendResult>>();
        var bad = new List<Task<AppendResult>>();
        for (var i = 0; i < 50; i++)
        {
            good.Add(PostAsync(room));
            bad.Add(Store.AppendAsync(If(1, "governance"), Stop));
            good.Add(PostAsync(Guid.NewGuid()));
        }

        (await Task.WhenAll(good)).Length.ShouldBe(100);
        foreach (var refused in bad)
            await Should.ThrowAsync<ConcurrencyException>(() => refused);
        (await Store.FetchStreamStateAsync(room, Stop))!.Version.ShouldBe(52);
        await ShouldBeSoundAsync();
    }

    private Append Tagged(string tag) =>
        Post(room) with { Events = [new(Guid.NewGuid(), new MessageEdited("x")) { Tags = [tag] }] };

    private Append If(long since, params string[] tags) =>
        Post(room) with { Condition = AppendCondition.Untouched(since, tags) };
}
