namespace Chat.EventStore.Tests;

public sealed class KeyRotationTests(StoreDatabase database) : StoreTest(database)
{
    private const string Name = "Ada Lovelace";

    private readonly Guid ada = Guid.NewGuid();

    [Fact]
    public async Task Afterwards_the_old_master_key_is_not_needed_any_more()
    {
        await ChangeAsync(ada);
        var events = await DumpOfAsync("mt_events");
        for (var i = 0; i < 24; i++)
            await Store.Keys.EnsureAsync(Guid.NewGuid(), Stop);
        var heard = new Pages();

        var result = await Rotated().Keys.RewrapAsync(heard, Stop);

        result.ShouldBe(new(25, 0));
        heard.Reports.Select(one => one.Rewrapped).ShouldBe([10, 20, 25]);
        (await ReadAsync(NewStore(options => UseKeys(options, current: 2, 2)))).ShouldBe(Name);
        (await DumpOfAsync("mt_events")).ShouldBe(events, "events are not touched");
        (await ScalarAsync<long>("SELECT count(*) FROM chat_store.data_keys WHERE master_key <> 2")).ShouldBe(0);
    }

    [Fact]
    public async Task It_can_be_run_again_and_back()
    {
        await ChangeAsync(ada);

        (await Rotated().Keys.RewrapAsync(null, Stop)).Rewrapped.ShouldBe(1);
        (await Rotated().Keys.RewrapAsync(null, Stop)).ShouldBe(new(0, 0));
        (await NewStore(options => UseKeys(options, current: 1, 1, 2)).Keys.RewrapAsync(null, Stop))
            .ShouldBe(new(1, 0));
        (await ReadAsync(NewStore())).ShouldBe(Name);
    }

    [Fact]
    public async Task An_erased_key_stays_erased()
    {
        await ChangeAsync(ada);
        await Store.Keys.EraseAsync(ada, Stop);

        (await Rotated().Keys.RewrapAsync(null, Stop)).ShouldBe(new(0, 0));

        (await ScalarAsync<bool>("SELECT wrapped_key IS NULL AND erased_at IS NOT NULL FROM chat_store.data_keys"))
            .ShouldBeTrue();
        (await ReadAsync(Rotated())).ShouldBe("");
    }

    [Fact]
    public async Task A_key_erased_between_its_reading_and_its_writing_stays_erased()
    {
        await Store.Keys.EnsureAsync(ada, Stop);
        await using var blocker = await DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await blocker.BeginTransactionAsync(Stop);
        await using var erase = new Npgsql.NpgsqlCommand(
            "UPDATE chat_store.data_keys SET wrapped_key = NULL, erased_at = now()", blocker, transaction);
        await erase.ExecuteNonQueryAsync(Stop);

        var rotating = Task.Run(() => Rotated().Keys.RewrapAsync(null, Stop), Stop);
        for (var tries = 0; await WaitingAsync() == 0; tries++)
        {
            tries.ShouldBeLessThan(500);
            await Task.Delay(20, Stop);
        }

        await transaction.CommitAsync(Stop);
        (await rotating).ShouldBe(new(0, 0));
        (await ScalarAsync<bool>("SELECT wrapped_key IS NULL FROM chat_store.data_keys")).ShouldBeTrue();

        Task<long> WaitingAsync() => ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
    }

    [Fact]
    public async Task Keys_that_cannot_be_opened_are_left_alone_and_counted()
    {
        await ChangeAsync(ada);
        await ExecuteAsync("UPDATE chat_store.data_keys SET master_key = 7");
        await Store.Keys.EnsureAsync(Guid.NewGuid(), Stop);

        (await Rotated().Keys.RewrapAsync(null, Stop)).ShouldBe(new(1, 1));
        (await ScalarAsync<long>("SELECT count(*) FROM chat_store.data_keys WHERE master_key = 7")).ShouldBe(1);
        await ExecuteAsync("UPDATE chat_store.data_keys SET master_key = 1 WHERE master_key = 7");
        (await ReadAsync(NewStore())).ShouldBe(Name, "it still opens");
    }

    [Fact]
    public async Task Racing_rotations_use_and_erasures_lose_nothing()
    {
        var people = Enumerable.Range(0, 60).Select(_ => Guid.NewGuid()).ToList();
        foreach (var person in people)
            await ChangeAsync(person);
        var rotations = Enumerable.Range(0, 3).Select(_ => Rotated()).ToList();

        // During the rotation a key may be wrapped by either master key: this reader has both, and no key in memory.
        var reader = NewStore(options =>
        {
            UseKeys(options, current: 2, 1, 2);
            options.DataKeyCacheEntries = 1;
        });
        var results = Task.WhenAll(rotations.Select(one => Task.Run(() => one.Keys.RewrapAsync(null, Stop), Stop)));
        var erasing = Task.WhenAll(people.Take(20).Select(person => Store.Keys.EraseAsync(person, Stop)));
        foreach (var person in people.Skip(20))
            (await ReadAsync(reader, person)).ShouldBe(Name);
        await erasing;

        (await results).Sum(one => one.Rewrapped).ShouldBeInRange(40, 60);
        var last = NewStore(options => UseKeys(options, current: 2, 2));
        foreach (var (person, i) in people.Select((person, i) => (person, i)))
            (await ReadAsync(last, person)).ShouldBe(i < 20 ? "" : Name);
    }

    private static void UseKeys(EventStoreOptions options, int current, params int[] versions)
    {
        options.MasterKeys = versions.ToDictionary(
            version => version, version => Enumerable.Repeat((byte)(version - 1), 32).ToArray());
        options.CurrentMasterKey = current;
    }

    private EventStore Rotated() => NewStore(options =>
    {
        UseKeys(options, current: 2, 1, 2);
        options.RewrapPageKeys = 10;
    });

    private Task<string> DumpOfAsync(string table) =>
        ScalarAsync<string>($"SELECT string_agg(t::text, E'\\n') FROM {table} t");

    private async Task<string?> ReadAsync(EventStore store, Guid? person = null) => ((ProfileChanged)(await store
        .ReadStreamAsync(person ?? ada, cancellationToken: Stop).FirstAsync(Stop)).Data).DisplayName;

    private Task<AppendResult> ChangeAsync(Guid person) => Store.AppendAsync(
        new()
        {
            StreamId = person,
            Events = [new(Guid.NewGuid(), new ProfileChanged(person, Name, "x", Mood.Calm))],
        },
        Stop);

    private sealed class Pages : IProgress<KeyRotationResult>
    {
        public List<KeyRotationResult> Reports { get; } = [];

        public void Report(KeyRotationResult value) => Reports.Add(value);
    }
}
