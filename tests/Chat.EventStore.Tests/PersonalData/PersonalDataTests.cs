namespace Chat.EventStore.Tests;

public sealed class PersonalDataTests(StoreDatabase database) : StoreTest(database)
{
    private const string Name = "Ada Lovelace";

    private readonly Guid ada = Guid.NewGuid();

    [Fact]
    public async Task It_is_stored_encrypted_and_read_in_clear()
    {
        await ChangeAsync(Name, "ada@example.org");

        var stored = await ScalarAsync<string>("SELECT data ->> 'DisplayName' FROM mt_events");
        stored.ShouldStartWith("enc:v2:");
        Convert.FromBase64String(stored["enc:v2:".Length..]).Length.ShouldBe(16 + 12 + Name.Length + 16);
        (await ReadAsync(NewStore())).ShouldBe(new ProfileChanged(ada, Name, "ada@example.org", Mood.Merry));
        (await ScalarAsync<string>("SELECT data ->> 'Mood' FROM mt_events")).ShouldBe("1");
    }

    [Fact]
    public async Task Null_stays_null_and_looking_encrypted_is_no_way_out()
    {
        await ChangeAsync(null, "enc:v1:AAAA");

        (await ReadAsync(Store)).ShouldBe(new ProfileChanged(ada, null, "enc:v1:AAAA", Mood.Merry));
        (await ScalarAsync<string>("SELECT data ->> 'Email' FROM mt_events")).Length.ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task After_erasure_no_byte_of_it_is_left_and_reads_go_on()
    {
        var other = NewStore();
        await ChangeAsync(Name, "ada@example.org");
        (await ReadAsync(other)).DisplayName.ShouldBe(Name);
        await using var follower = new TailFollower(Store.Tail);
        await follower.WaitForAsync(1);

        await Store.Keys.EraseAsync(ada, Stop);

        (await DumpAsync()).ShouldNotContain("Lovelace");
        (await DumpAsync()).ShouldNotContain("ada@example.org");
        (await ReadAsync(Store)).ShouldBe(new ProfileChanged(ada, "", "", Mood.Merry));
        (await ReadAsync(NewStore())).ShouldBe(new ProfileChanged(ada, "", "", Mood.Merry));
        (await ScalarAsync<bool>("SELECT wrapped_key IS NULL AND erased_at IS NOT NULL FROM chat_store.data_keys"))
            .ShouldBeTrue();
        Store.Tail.EventsInMemory.ShouldBe(0, "the tail keeps no decrypted text");
        await Should.ThrowAsync<SubjectErasedException>(() => ChangeAsync("again", "x"));
        await Should.ThrowAsync<SubjectErasedException>(() => Store.Keys.EnsureAsync(ada, Stop));
        await Should.ThrowAsync<SubjectErasedException>(() => Store.Keys.HmacAsync(ada, new byte[1], Stop));
    }

    [Fact]
    public async Task Other_processes_forget_an_erased_key_when_told()
    {
        var other = NewStore();
        await ChangeAsync(Name, "x");
        await using var follower = new TailFollower(other.Tail);
        await follower.WaitForAsync(1);
        (await ReadAsync(other)).DisplayName.ShouldBe(Name);

        await Store.Keys.EraseAsync(ada, Stop);

        for (var tries = 0; (await ReadAsync(other)).DisplayName != ""; tries++)
        {
            tries.ShouldBeLessThan(200);
            await Task.Delay(20, Stop);
        }
    }

    [Fact]
    public async Task A_value_moved_between_events_or_properties_fails_authentication()
    {
        await ChangeAsync(Name, "ada@example.org");
        await ChangeAsync("Countess", "other@example.org");
        await ExecuteAsync(
            """
            UPDATE mt_events a SET data = jsonb_set(a.data, '{DisplayName}', b.data -> 'DisplayName')
            FROM mt_events b WHERE a.stream_id = b.stream_id AND a.version <> b.version
            """);
        foreach (var swapped in await Store.ReadStreamAsync(ada, cancellationToken: Stop).ToListAsync(Stop))
            Should.Throw<UnreadableEventException>(() => swapped.Data);

        await ChangeAsync(Name, "ada@example.org");
        await ExecuteAsync(
            "UPDATE mt_events SET data = jsonb_set(data, '{DisplayName}', data -> 'Email') WHERE version = 3");
        var moved = await Store.ReadStreamAsync(ada, 3, cancellationToken: Stop).SingleAsync(Stop);
        Should.Throw<UnreadableEventException>(() => moved.Data);
    }

    [Fact]
    public async Task Values_of_any_length_are_read_in_one_page_also_beside_a_broken_one()
    {
        int[] lengths = [0, 1, 2, 358, 359, 360, 361, 1_000, 40_000];
        var names = lengths.Select(length => new string('é', length)).ToList();
        foreach (var name in names)
        {
            await ChangeAsync(name, Name);
            await ChangeAsync("broken", Name);
        }

        await ExecuteAsync(
            """
            UPDATE mt_events SET data = jsonb_set(data, '{DisplayName}', data -> 'Email') WHERE version % 2 = 0;
            UPDATE mt_events SET data = jsonb_set(data, '{DisplayName}', '"enc:v2:-"') WHERE version = 4;
            """);
        var page = await Store.ReadStreamAsync(ada, cancellationToken: Stop).ToListAsync(Stop);
        page.Where(one => one.Version % 2 == 1).Select(one => ((ProfileChanged)one.Data).DisplayName).ShouldBe(names);
        foreach (var broken in page.Where(one => one.Version % 2 == 0))
            Should.Throw<UnreadableEventException>(() => broken.Data);
    }

    [Fact]
    public async Task Clear_text_put_in_its_place_is_refused()
    {
        await ChangeAsync(Name, "x");
        await ExecuteAsync("""UPDATE mt_events SET data = jsonb_set(data, '{DisplayName}', '"forged"')""");

        var forged = await Store.ReadStreamAsync(ada, cancellationToken: Stop).SingleAsync(Stop);
        Should.Throw<UnreadableEventException>(() => forged.Data);
    }

    [Fact]
    public async Task A_wrong_or_missing_master_key_is_an_error_and_an_older_one_still_opens()
    {
        await ChangeAsync(Name, "x");

        var wrong = NewStore(options => options.MasterKeys = Keys((1, 7)));
        var newer = NewStore(options => (options.MasterKeys, options.CurrentMasterKey) = (Keys((1, 0), (2, 9)), 2));
        var lost = NewStore(options => (options.MasterKeys, options.CurrentMasterKey) = (Keys((2, 9)), 2));

        (await ReadAsync(newer)).DisplayName.ShouldBe(Name);
        await Should.ThrowAsync<UnreadableEventException>(() => ReadAsync(wrong));
        await Should.ThrowAsync<UnreadableEventException>(() => ReadAsync(lost));

        static Dictionary<int, byte[]> Keys(params (int Version, byte Fill)[] keys) =>
            keys.ToDictionary(key => key.Version, key => Enumerable.Repeat(key.Fill, 32).ToArray());
    }

    [Fact]
    public async Task A_mac_is_the_subjects_own_and_the_same_everywhere()
    {
        var data = "input"u8.ToArray();
        var mac = await Store.Keys.HmacAsync(ada, data, Stop);

        mac.Length.ShouldBe(32);
        (await NewStore().Keys.HmacAsync(ada, data, Stop)).ShouldBe(mac);
        (await Store.Keys.HmacAsync(Guid.NewGuid(), data, Stop)).ShouldNotBe(mac);
        (await Store.Keys.HmacAsync(ada, "other"u8.ToArray(), Stop)).ShouldNotBe(mac);
    }

    [Fact]
    public async Task Racing_processes_make_one_key()
    {
        var stores = Enumerable.Range(0, 4).Select(_ => NewStore()).ToList();
        var macs = await Task.WhenAll(
            stores.Select(store => Task.Run(() => store.Keys.HmacAsync(ada, new byte[1], Stop))));

        macs.Select(Convert.ToHexString).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Keys_in_memory_are_bounded()
    {
        var store = NewStore(options => options.DataKeyCacheEntries = 5);
        for (var i = 0; i < 20; i++)
            await store.Keys.EnsureAsync(Guid.NewGuid(), Stop);

        store.Keys.CachedKeys.ShouldBe(5);
    }

    private static async Task<ProfileChanged> ReadAsync(EventStore store) =>
        (ProfileChanged)(await store.ReadAllAsync(0, cancellationToken: Stop).FirstAsync(Stop)).Data;

    private Task<AppendResult> ChangeAsync(string? name, string email) => Store.AppendAsync(
        new()
        {
            StreamId = ada,
            Events = [new(Guid.NewGuid(), new ProfileChanged(ada, name, email, Mood.Merry))],
        },
        Stop);

    /// <summary>Every row of every table of both schemas as text, as a logical dump would have them.</summary>
    private async Task<string> DumpAsync()
    {
        var tables = new List<string>();
        await using (var command = DataSource.CreateCommand(
            "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('public', 'chat_store')"))
        {
            await using var reader = await command.ExecuteReaderAsync(Stop);
            while (await reader.ReadAsync(Stop))
                tables.Add(reader.GetString(0));
        }

        tables.Count.ShouldBeGreaterThan(6);
        var dump = new List<string>();
        foreach (var table in tables)
            dump.Add(await ScalarAsync<string>($"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} t"));
        return string.Join('\n', dump);
    }

    [Fact]
    public async Task An_erasure_announced_while_nobody_listened_is_made_up_for_on_reconnect()
    {
        var other = NewStore(options => options.ReconnectDelayMin = TimeSpan.FromMilliseconds(300));
        await ChangeAsync(Name, "x");
        await using var follower = new TailFollower(other.Tail);
        await follower.WaitForAsync(1);
        await EventuallyAsync(() => ListenersAsync(1));
        (await ReadAsync(other)).DisplayName.ShouldBe(Name);

        await ExecuteAsync(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
            + " AND datname = current_database() AND pid <> pg_backend_pid()");
        await Store.Keys.EraseAsync(ada, Stop);
        (await ListenersAsync(0)).ShouldBeTrue("otherwise the erasure was heard");
        await EventuallyAsync(() => ListenersAsync(1));

        await EventuallyAsync(async () => (await ReadAsync(other)).DisplayName?.Length == 0);
        other.Tail.EventsInMemory.ShouldBe(0);
    }

    [Fact]
    public async Task A_listener_asks_whether_the_server_is_still_there()
    {
        var other = NewStore(options => options.ListenerCheckInterval = TimeSpan.FromMilliseconds(50));
        await using var follower = new TailFollower(other.Tail);

        await EventuallyAsync(async () => await ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT 1'") > 0);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            tries.ShouldBeLessThan(500);
            await Task.Delay(20, Stop);
        }
    }

    private async Task<bool> ListenersAsync(int count) => count == await ScalarAsync<long>(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
        + " AND datname = current_database() AND pid <> pg_backend_pid()");
}
