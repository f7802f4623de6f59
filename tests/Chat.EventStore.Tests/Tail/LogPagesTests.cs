namespace Chat.EventStore.Tests;

/// <summary>The pages that followers share when they are behind the tail's memory.</summary>
public sealed class LogPagesTests
{
    private const int PageEvents = 10;
    private const int End = 100;
    private const int EventBytes = 100;

    private readonly List<(long After, long Through)> reads = [];
    private readonly ManualClock clock = new();
    private Func<Task> beforeRead = () => Task.CompletedTask;
    private int pageEnd = int.MaxValue;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Followers_at_the_same_place_share_each_page()
    {
        var pages = NewPages();
        var readers = Enumerable.Range(0, 5).Select(_ => pages.Enter()).ToList();
        var all = await Task.WhenAll(readers.Select(reader => FollowAsync(reader, 0)));

        all.ShouldAllBe(one => one.SequenceEqual(Enumerable.Range(1, End)));
        Reads().ShouldBe(Enumerable.Range(0, End / PageEvents).Select(n => ((long)n * PageEvents, (long)End)));
    }

    [Fact]
    public async Task Followers_that_began_apart_come_to_share()
    {
        var pages = NewPages();
        using var ahead = pages.Enter();
        var position = 0L;
        while (position < End / 2)
            position = (await ahead.AfterAsync(position, End, PageEvents, Stop)).Through;
        var later = pages.Enter();
        await later.AfterAsync(37, End, PageEvents, Stop);
        (await FollowAsync(ahead, position)).Count.ShouldBe(End / 2);
        (await FollowAsync(later, 37)).ShouldBe(Enumerable.Range(38, End - 37));
        Reads().Count(read => read.After >= 40).ShouldBe(6, "a page is good from its middle on, too");
        Reads().ShouldBeUnique();
    }

    [Fact]
    public async Task A_page_ends_where_the_next_known_one_begins()
    {
        var pages = NewPages();
        using var reader = pages.Enter();
        await reader.AfterAsync(15, End, PageEvents, Stop);
        var (events, through) = await reader.AfterAsync(9, End, PageEvents, Stop);
        (events.Count, through).ShouldBe((6, 15));
    }

    [Fact]
    public async Task The_next_page_is_read_while_one_is_worked_on()
    {
        var pages = NewPages();
        using var reader = pages.Enter();
        await reader.AfterAsync(0, End, PageEvents, Stop);
        for (var tries = 0; Reads().Count < 2; tries++)
        {
            tries.ShouldBeLessThan(500);
            await Task.Delay(5, Stop);
        }

        await Task.Delay(50, Stop);
        Reads().ShouldBe([(0, End), (10, End)], "one page ahead and no further");
    }

    [Fact]
    public async Task A_page_that_ended_early_sends_nobody_back()
    {
        var pages = NewPages();
        using var reader = pages.Enter();
        using var another = pages.Enter();
        var gate = new TaskCompletionSource();
        beforeRead = () => gate.Task;
        pageEnd = 3;
        var first = reader.AfterAsync(0, End, PageEvents, Stop);
        var second = another.AfterAsync(5, End, PageEvents, Stop);
        await Task.Delay(20, Stop);
        gate.SetResult();

        (await first).Through.ShouldBe(3);
        (await second).Events[0].Sequence.ShouldBe(6);
    }

    [Fact]
    public async Task Slices_say_how_far_they_reach()
    {
        var pages = NewPages();
        using var reader = pages.Enter();
        (await reader.AfterAsync(0, End, 4, Stop)).Through.ShouldBe(4);
        (await reader.AfterAsync(4, End, 4, Stop)).Through.ShouldBe(8);
        (await reader.AfterAsync(8, End, 4, Stop)).Through.ShouldBe(10);
        (await reader.AfterAsync(End, End + 5, 4, Stop)).ShouldBe(([], End + 5));
    }

    [Fact]
    public async Task Memory_is_bounded_and_empty_when_nobody_reads()
    {
        const long BytesMax = 3 * PageEvents * (EventBytes + LogPages.EventOverheadBytes);
        var pages = NewPages(BytesMax);
        using var slow = pages.Enter();
        using var reader = pages.Enter();
        for (var position = 0L; position < End;)
        {
            position = (await reader.AfterAsync(position, End, PageEvents, Stop)).Through;
            pages.Bytes.ShouldBeLessThanOrEqualTo(BytesMax);
        }

        reader.Dispose();
        pages.Bytes.ShouldBePositive();
        slow.Dispose();
        pages.Bytes.ShouldBe(0);
    }

    [Fact]
    public async Task What_all_have_passed_is_dropped()
    {
        const long BytesOfPage = PageEvents * (EventBytes + LogPages.EventOverheadBytes);
        var pages = NewPages();
        using var slow = pages.Enter();
        using var reader = pages.Enter();
        for (var position = 0L; position < End;)
            position = (await reader.AfterAsync(position, End, PageEvents, Stop)).Through;
        pages.Bytes.ShouldBe(End / PageEvents * BytesOfPage, "one of them has yet to read them");
        for (var position = 0L; position < End;)
        {
            position = (await slow.AfterAsync(position, End, PageEvents, Stop)).Through;
            pages.Bytes.ShouldBe((End - position + PageEvents) / PageEvents * BytesOfPage);
        }
    }

    [Fact]
    public async Task Who_leaves_keeps_nothing_for_himself()
    {
        var pages = NewPages();
        using var slow = pages.Enter();
        using var reader = pages.Enter();
        for (var position = 0L; position < End;)
            position = (await reader.AfterAsync(position, End, PageEvents, Stop)).Through;
        slow.Dispose();
        pages.Bytes.ShouldBe(PageEvents * (EventBytes + LogPages.EventOverheadBytes), "the other stands on the last");

        var gate = new TaskCompletionSource();
        beforeRead = () => gate.Task;
        var late = pages.Enter();
        using var cancelled = new CancellationTokenSource();
        var waiting = late.AfterAsync(0, End, PageEvents, cancelled.Token);
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        late.Dispose();
        reader.Dispose();
        gate.SetResult();
        await Task.Delay(50, Stop);
        pages.Bytes.ShouldBe(0, "what is read for nobody is not kept");
    }

    [Fact]
    public async Task What_was_decrypted_before_an_erasure_is_read_anew()
    {
        var pages = NewPages();
        using var reader = pages.Enter();
        var gate = new TaskCompletionSource();
        beforeRead = () => gate.Task;
        var waiting = reader.AfterAsync(90, End, PageEvents, Stop);
        pages.Forget();
        var later = reader.AfterAsync(90, End, PageEvents, Stop);
        gate.SetResult();
        await waiting;
        await later;
        Reads().Count.ShouldBe(2, "what was being read when it came is not handed to those who ask later");

        pages.Forget();
        await reader.AfterAsync(90, End, PageEvents, Stop);
        Reads().Count.ShouldBe(3);
        clock.Advance(TimeSpan.FromMinutes(2));
        await reader.AfterAsync(90, End, PageEvents, Stop);
        Reads().Count.ShouldBe(4, "an erasure may not have been heard of");
    }

    [Fact]
    public async Task A_failed_read_fails_those_who_wait_and_is_tried_again()
    {
        var pages = NewPages();
        using var reader = pages.Enter();
        beforeRead = () => throw new TimeoutException("outage");
        var one = reader.AfterAsync(90, End, PageEvents, Stop);
        await Should.ThrowAsync<TimeoutException>(one);
        beforeRead = () => Task.CompletedTask;
        (await reader.AfterAsync(90, End, PageEvents, Stop)).Events.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_cancelled_follower_takes_the_page_from_nobody()
    {
        var pages = NewPages();
        using var reader = pages.Enter();
        using var another = pages.Enter();
        var gate = new TaskCompletionSource();
        beforeRead = () => gate.Task;
        using var cancelled = new CancellationTokenSource();
        var one = reader.AfterAsync(90, End, PageEvents, cancelled.Token);
        var other = another.AfterAsync(90, End, PageEvents, Stop);
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(one);
        gate.SetResult();
        (await other).Events.Count.ShouldBe(10);
    }

    private LogPages NewPages(long bytesMax = 1_000_000) =>
        new(ReadAsync, PageEvents, bytesMax, TimeSpan.FromMinutes(1), clock);

    private List<(long After, long Through)> Reads()
    {
        lock (reads)
            return [.. reads];
    }

    private static async Task<List<int>> FollowAsync(LogPages.Reader reader, long position)
    {
        var got = new List<int>();
        using var _ = reader;
        while (position < End)
        {
            var (events, through) = await reader.AfterAsync(position, End, PageEvents, Stop);
            got.AddRange(events.Select(one => (int)one.Sequence));
            position = through;
        }

        return got;
    }

    private async Task<LogPage> ReadAsync(long after, long through, int limit)
    {
        lock (reads)
            reads.Add((after, through));
        await beforeRead();
        var count = (int)Math.Min(Math.Min(limit, pageEnd), Math.Max(0, Math.Min(through, End) - after));
        return new(
            [.. Enumerable.Range((int)after + 1, count).Select(Event)],
            IsLast: count < Math.Min(limit, pageEnd),
            EndedEarly: count == pageEnd);
    }

    private static StoredEvent Event(int sequence) => new(new StoredEvent.Content("x"))
    {
        Id = Guid.NewGuid(),
        StreamId = Guid.NewGuid(),
        Version = 1,
        Sequence = sequence,
        EventTypeName = "x",
        Timestamp = DateTimeOffset.UnixEpoch,
        Bytes = EventBytes,
    };
}
