namespace Chat.EventStore.Tests;

/// <summary>Snapshots keep no personal data that the log would not keep.</summary>
public sealed class PersonalSnapshotTests : StoreTest
{
    private const string Name = "Ada Lovelace";

    private readonly Guid ada = Guid.NewGuid();
    private readonly EventStore store;

    public PersonalSnapshotTests(StoreDatabase database)
        : base(database) => store = NewStore(Map);

    [Fact]
    public async Task Marked_properties_are_encrypted_and_come_back()
    {
        await ChangeAsync(ada, Name);

        var folded = await store.AggregateStreamAsync<Profile>(ada, Evolve, SnapshotSaving.WhenDue, Stop);

        folded.ShouldBe(new(1, new(ada, Name, 1)));
        var stored = await ScalarAsync<string>("SELECT state::text FROM chat_store.snapshots");
        stored.ShouldContain("enc:v");
        stored.ShouldNotContain("Lovelace");
        (await NewStore(Map).LoadSnapshotAsync<Profile>(ada, Stop)).ShouldBe(folded);
    }

    [Fact]
    public async Task After_an_erasure_the_snapshot_is_discarded_and_none_is_saved_again()
    {
        await ChangeAsync(ada, Name);
        await store.AggregateStreamAsync<Profile>(ada, Evolve, SnapshotSaving.WhenDue, Stop);

        await store.Keys.EraseAsync(ada, Stop);

        (await store.AggregateStreamAsync<Profile>(ada, Evolve, SnapshotSaving.WhenDue, Stop))
            .ShouldBe(new(1, new(ada, "", 1)));
        (await ScalarAsync<long>("SELECT count(*) FROM chat_store.snapshots")).ShouldBe(0);
        await Should.ThrowAsync<SubjectErasedException>(
            () => store.SaveSnapshotAsync(ada, 1, new Profile(ada, Name, 1), Stop));
        (await ScalarAsync<long>("SELECT count(*) FROM chat_store.snapshots")).ShouldBe(0);
    }

    [Fact]
    public async Task A_state_that_marks_nothing_is_not_saved_from_events_with_personal_data()
    {
        await ChangeAsync(ada, Name);

        var refusal = await Should.ThrowAsync<UnprotectedSnapshotException>(
            () => store.AggregateStreamAsync<Greeting>(ada, Greet, SnapshotSaving.WhenDue, Stop));
        refusal.StreamId.ShouldBe(ada);
        refusal.EventId.ShouldBe(await ScalarAsync<Guid>("SELECT id FROM mt_events"));
        await Should.ThrowAsync<UnprotectedSnapshotException>(
            () => store.SaveSnapshotAsync(ada, 1, new Greeting(Name), Stop));
        (await ScalarAsync<long>("SELECT count(*) FROM chat_store.snapshots")).ShouldBe(0);

        (await store.AggregateStreamAsync<Greeting>(ada, Greet, SnapshotSaving.Never, Stop))
            .ShouldBe(new(1, new(Name)), "a fold that is not saved may hold what it likes");
    }

    [Fact]
    public async Task Personal_data_behind_an_older_snapshot_is_noticed_too()
    {
        await PostAsync(ada);
        (await store.SaveSnapshotAsync(ada, 1, new Greeting("hello"), Stop)).ShouldBeTrue();
        await PostAsync(ada);
        (await store.SaveSnapshotAsync(ada, 2, new Greeting("hello"), Stop)).ShouldBeTrue();
        await ChangeAsync(ada, Name);

        await Should.ThrowAsync<UnprotectedSnapshotException>(
            () => store.AggregateStreamAsync<Greeting>(ada, Greet, SnapshotSaving.WhenDue, Stop));
        (await store.LoadSnapshotAsync<Greeting>(ada, Stop))!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_state_under_one_subjects_key_takes_no_other_subjects_data()
    {
        var bob = Guid.NewGuid();
        await ChangeAsync(ada, Name);
        await ChangeAsync(bob, "Bob", stream: ada);

        await Should.ThrowAsync<UnprotectedSnapshotException>(
            () => store.SaveSnapshotAsync(ada, 2, new Profile(ada, Name, 2), Stop));
        (await store.SaveSnapshotAsync(ada, 1, new Profile(ada, Name, 1), Stop)).ShouldBeTrue();
        await Should.ThrowAsync<UnprotectedSnapshotException>(
            () => store.SaveSnapshotAsync(ada, 2, new Profile(bob, "Bob", 2), Stop));
    }

    [Fact]
    public async Task A_snapshot_put_in_another_streams_place_is_not_taken()
    {
        var other = Guid.NewGuid();
        await ChangeAsync(ada, Name);
        await ChangeAsync(ada, "Countess", stream: other);
        await store.SaveSnapshotAsync(ada, 1, new Profile(ada, Name, 1), Stop);
        await store.SaveSnapshotAsync(other, 1, new Profile(ada, "Countess", 1), Stop);
        await ExecuteAsync(
            $"""
            UPDATE chat_store.snapshots SET state = (
                SELECT state FROM chat_store.snapshots WHERE stream_id = '{other}') WHERE stream_id = '{ada}'
            """);

        (await store.LoadSnapshotAsync<Profile>(ada, Stop)).ShouldBeNull();
        (await store.LoadSnapshotAsync<Profile>(other, Stop)).ShouldNotBeNull();
    }

    [Fact]
    public void Personal_states_need_master_keys_and_a_subject()
    {
        var options = new EventStoreOptions();
        options.Snapshots.Map<Profile>("profile", 1);
        Should.Throw<InvalidOperationException>(options.Validate).Message.ShouldContain("MasterKeys");
        Should.Throw<ArgumentException>(() => new SnapshotTypes().Map<Nobody>("nobody", 1));
    }

    private static void Map(EventStoreOptions options)
    {
        options.SnapshotEveryEvents = 1;
        options.Snapshots.Map<Profile>("profile", 1).Map<Greeting>("greeting", 1);
    }

    private static Profile Evolve(Profile? profile, StoredEvent one)
    {
        var changed = (ProfileChanged)one.Data;
        return new(changed.AccountId, changed.DisplayName, (profile?.Changes ?? 0) + 1);
    }

    private static Greeting Greet(Greeting? greeting, StoredEvent one) =>
        new(one.Data is ProfileChanged changed ? changed.DisplayName! : greeting!.To);

    private Task<AppendResult> ChangeAsync(Guid subject, string name, Guid? stream = null) => store.AppendAsync(
        new()
        {
            StreamId = stream ?? subject,
            Events = [new(Guid.NewGuid(), new ProfileChanged(subject, name, "x", Mood.Calm))],
        },
        Stop);

    private sealed record Profile([DataSubject] Guid AccountId, [PersonalData] string? Name, int Changes);

    private sealed record Greeting(string To);

    private sealed record Nobody([PersonalData] string Name);
}
