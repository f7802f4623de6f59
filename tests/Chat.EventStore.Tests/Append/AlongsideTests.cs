using Npgsql;

namespace Chat.EventStore.Tests;

public sealed class AlongsideTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task Rows_are_committed_with_the_events_and_once()
    {
        await MakeTableAsync();
        var append = Claim(account, "ann@example.org");

        (await Store.AppendAsync(append, Stop)).FirstVersion.ShouldBe(1);
        var again = await Store.AppendAsync(append with { Alongside = [Insert("ann@example.org")] }, Stop);

        again.AlreadyAppended.ShouldBeTrue();
        (await ScalarAsync<long>("SELECT count(*) FROM emails")).ShouldBe(1);
    }

    [Fact]
    public async Task A_taken_row_refuses_the_whole_append()
    {
        await MakeTableAsync();
        await Store.AppendAsync(Claim(account, "ann@example.org"), Stop);
        var other = Guid.NewGuid();

        var conflict = await Should.ThrowAsync<AlongsideConflictException>(
            () => Store.AppendAsync(Claim(other, "ann@example.org"), Stop));

        conflict.ConstraintName.ShouldBe("emails_pkey");
        (await Store.FetchStreamStateAsync(other, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_writes_no_row()
    {
        await MakeTableAsync();
        await PostAsync(account);

        await Should.ThrowAsync<ConcurrencyException>(
            () => Store.AppendAsync(
                Claim(account, "ann@example.org") with { Condition = AppendCondition.NoStream }, Stop));
        (await ScalarAsync<long>("SELECT count(*) FROM emails")).ShouldBe(0);
    }

    [Fact]
    public async Task Of_racing_claims_one_wins_among_plain_posts()
    {
        await MakeTableAsync();
        var posts = Enumerable.Range(0, 50).Select(_ => PostAsync(account)).ToArray();
        var claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            try
            {
                await Store.AppendAsync(Claim(Guid.NewGuid(), "ann@example.org"), Stop);
                return true;
            }
            catch (AlongsideConflictException)
            {
                return false;
            }
        }));

        claims.Count(won => won).ShouldBe(1);
        (await Task.WhenAll(posts)).Length.ShouldBe(50);
        await ShouldBeSoundAsync();
    }

    private static NpgsqlBatchCommand Insert(string email) =>
        new("INSERT INTO emails (email) VALUES ($1)") { Parameters = { new() { Value = email } } };

    private static Append Claim(Guid account, string email) => Post(account) with { Alongside = [Insert(email)] };

    private Task MakeTableAsync() => ExecuteAsync("CREATE TABLE emails (email text PRIMARY KEY)");

    [Fact]
    public async Task What_PostgreSQL_refuses_is_told_as_by_the_writer()
    {
        await MakeTableAsync();
        var taken = Post(account);
        await Store.AppendAsync(taken, Stop);
        var id = Guid.NewGuid();
        var bad = Claim(account, "ann@example.org") with
        {
            Events = [new(id, new MessageEdited("a")), taken.Events[0]],
        };

        await Should.ThrowAsync<InvalidEventException>(() => Store.AppendAsync(bad, Stop));
        await Should.ThrowAsync<StoreUnavailableException>(() => Store.AppendAsync(
            Post(account) with { Alongside = [new("SELECT no_such_function()")] }, Stop));
    }

    [Fact]
    public async Task All_attempts_together_end_at_the_deadline()
    {
        var store = NewStore(options => options.AppendDeadline = TimeSpan.FromSeconds(2));
        var lost = Post(account) with
        {
            Alongside = [new("SELECT pg_sleep(1.8), pg_terminate_backend(pg_backend_pid())")],
        };
        var started = TimeProvider.System.GetTimestamp();

        await Should.ThrowAsync<StoreUnavailableException>(() => store.AppendAsync(lost, Stop));

        // The second attempt gets the 0.2 s that remain; a whole deadline of its own would end after 3.6 s.
        TimeProvider.System.GetElapsedTime(started).TotalSeconds.ShouldBeInRange(1.9, 3.4);
    }
}
