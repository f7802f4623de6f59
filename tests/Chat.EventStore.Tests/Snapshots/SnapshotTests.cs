namespace Chat.EventStore.Tests;

public sealed class SnapshotTests : StoreTest
{
    private readonly Guid room = Guid.NewGuid();
    private readonly EventStore store;
    private int folded;

    public SnapshotTests(StoreDatabase database)
        : base(database) => store = NewStore(options =>
    {
        options.SnapshotEveryEvents = 10;
        options.MaxSnapshotBytes = 1000;
        options.Snapshots.Map<Talk>("talk", 1).Map<Count>("count", 1);
    });

    [Fact]
    public async Task A_fold_starts_from_the_snapshot_that_an_earlier_one_left_when_it_was_due()
    {
        await FillAsync(9);
        (await FoldAsync()).ShouldBe(new(9, new(9, 8)));
        (await store.LoadSnapshotAsync<Talk>(room, Stop)).ShouldBeNull("9 events are too few");

        await FillAsync(1);
        (await FoldAsync()).ShouldBe(new(10, new(10, 0)));
        (await store.LoadSnapshotAsync<Talk>(room, Stop)).ShouldBe(new(10, new(10, 0)));

        await FillAsync(3);
        folded = 0;
        (await FoldAsync()).ShouldBe(new(13, new(13, 2)));
        folded.ShouldBe(3);
        (await store.LoadSnapshotAsync<Talk>(room, Stop))!.Version.ShouldBe(10, "3 more are too few");
        (await FoldAsync(room: Guid.NewGuid())).ShouldBeNull();
    }

    [Fact]
    public async Task A_fold_that_saves_nothing_still_starts_from_what_is_there()
    {
        await FillAsync(20);
        (await FoldAsync(SnapshotSaving.Never))!.Version.ShouldBe(20);
        (await store.LoadSnapshotAsync<Talk>(room, Stop)).ShouldBeNull();

        (await store.SaveSnapshotAsync(room, 15, new Talk(15, 14), Stop)).ShouldBeTrue();
        folded = 0;
        (await FoldAsync(SnapshotSaving.Never)).ShouldBe(new(20, new(20, 19)));
        folded.ShouldBe(5);
    }

    [Fact]
    public async Task A_higher_version_is_never_overwritten_by_a_lower_one()
    {
        await FillAsync(20);

        (await store.SaveSnapshotAsync(room, 15, new Talk(1, 1), Stop)).ShouldBeTrue();
        (await store.SaveSnapshotAsync(room, 14, new Talk(2, 2), Stop)).ShouldBeFalse();
        (await store.LoadSnapshotAsync<Talk>(room, Stop)).ShouldBe(new(15, new(1, 1)));
        (await store.SaveSnapshotAsync(room, 15, new Talk(3, 3), Stop)).ShouldBeTrue();
        (await store.SaveSnapshotAsync(room, 16, new Talk(4, 4), Stop)).ShouldBeTrue();
        (await store.LoadSnapshotAsync<Talk>(room, Stop)).ShouldBe(new(16, new(4, 4)));
    }

    [Fact]
    public async Task A_version_that_the_stream_does_not_have_is_refused()
    {
        await FillAsync(2);

        foreach (var version in new[] { -1L, 0, 3 })
            await Should.ThrowAsync<ArgumentOutOfRangeException>(
                () => store.SaveSnapshotAsync(room, version, new Talk(1, 1), Stop));
    }

    [Fact]
    public async Task A_snapshot_beyond_the_stream_or_of_another_history_is_as_good_as_none()
    {
        await FillAsync(20);
        await store.SaveSnapshotAsync(room, 15, new Talk(99, 99), Stop);
        await ExecuteAsync("DELETE FROM mt_events WHERE version > 12; UPDATE mt_streams SET version = 12");
        (await FoldAsync(SnapshotSaving.Never)).ShouldBe(new(12, new(12, 11)));

        await FillAsync(8);
        (await store.LoadSnapshotAsync<Talk>(room, Stop)).ShouldBeNull("version 15 is another event now");
        (await FoldAsync(SnapshotSaving.Never)).ShouldBe(new(20, new(20, 7)));
        (await store.SaveSnapshotAsync(room, 13, new Talk(13, 0), Stop)).ShouldBeTrue("it is no hindrance either");
        (await store.LoadSnapshotAsync<Talk>(room, Stop)).ShouldBe(new(13, new(13, 0)));
    }

    [Theory]
    [InlineData("""{"Events": "many"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task A_snapshot_that_cannot_be_read_is_folded_anew_and_replaced(string broken)
    {
        await FillAsync(20);
        await FoldAsync();
        await ExecuteAsync($"UPDATE chat_store.snapshots SET state = '{broken}'");

        (await store.LoadSnapshotAsync<Talk>(room, Stop)).ShouldBeNull();
        (await FoldAsync()).ShouldBe(new(20, new(20, 19)));
        (await store.LoadSnapshotAsync<Talk>(room, Stop)).ShouldBe(new(20, new(20, 19)));
    }

    [Fact]
    public async Task Types_are_told_apart_by_name_and_schema_version()
    {
        var newer = NewStore(options => options.Snapshots.Map<Talk>("talk", 2));
        await FillAsync(20);
        await store.SaveSnapshotAsync(room, 15, new Talk(15, 14), Stop);
        await store.SaveSnapshotAsync(room, 10, new Count(10), Stop);

        (await newer.LoadSnapshotAsync<Talk>(room, Stop)).ShouldBeNull();
        (await newer.SaveSnapshotAsync(room, 7, new Talk(7, 6), Stop)).ShouldBeTrue();
        (await store.LoadSnapshotAsync<Talk>(room, Stop))!.Version.ShouldBe(15);
        (await store.LoadSnapshotAsync<Count>(room, Stop))!.Version.ShouldBe(10);
        (await newer.LoadSnapshotAsync<Talk>(room, Stop))!.Version.ShouldBe(7);
    }

    [Fact]
    public async Task What_cannot_be_saved_is_told()
    {
        await FillAsync(3);

        await Should.ThrowAsync<InvalidOperationException>(
            () => store.SaveSnapshotAsync(room, 3, new Unmapped(1), Stop));
        await Should.ThrowAsync<SnapshotTooLargeException>(
            () => store.SaveSnapshotAsync(room, 3, new Count(3) { Padding = new('x', 1000) }, Stop));
        await Should.ThrowAsync<ArgumentException>(
            () => store.SaveSnapshotAsync(room, 3, new Count(3) { Padding = "\0" }, Stop));
        Should.Throw<ArgumentException>(() => new SnapshotTypes().Map<Talk>("same", 1).Map<Count>("same", 2));
        Should.Throw<ArgumentException>(() => new SnapshotTypes().Map<Talk>("a", 1).Map<Talk>("b", 1));
        Should.Throw<ArgumentException>(() => new SnapshotTypes().Map<Talk>(" ", 1));
    }

    [Fact]
    public async Task Of_racing_savers_the_highest_version_stays()
    {
        await FillAsync(40);

        await Task.WhenAll(Enumerable.Range(1, 40).Reverse().Select(version =>
            store.SaveSnapshotAsync(room, version, new Talk(version, version), Stop)));

        (await store.LoadSnapshotAsync<Talk>(room, Stop)).ShouldBe(new(40, new(40, 40)));
    }

    private Task<Snapshot<Talk>?> FoldAsync(SnapshotSaving saving = SnapshotSaving.WhenDue, Guid? room = null) =>
        store.AggregateStreamAsync<Talk>(room ?? this.room, Evolve, saving, Stop);

    private Talk Evolve(Talk? talk, StoredEvent one)
    {
        folded++;
        return new((talk?.Events ?? 0) + 1, ((MessagePosted)one.Data).Number);
    }

    private async Task FillAsync(int events) => await Store.AppendAsync(
        new()
        {
            StreamId = room,
            Events =
            [
                .. Enumerable.Range(0, events).Select(i => new NewEvent(Guid.NewGuid(), new MessagePosted("x", i))),
            ],
        },
        Stop);

    private sealed record Talk(int Events, int LastNumber);

    private sealed record Count(int Events)
    {
        public string? Padding { get; init; }
    }

    private sealed record Unmapped(int Events);
}
