namespace Chat.EventStore.Tests;

public sealed class ConnectionLossTests(StoreDatabase database) : StoreTest(database)
{
    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task Terminated_backends_lose_and_double_nothing()
    {
        using var over = new CancellationTokenSource();
        var killing = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await Task.Delay(100, Stop);
                await ExecuteAsync(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE '%append_events%' AND pid <> pg_backend_pid()
                    """);
            }
        });

        var acknowledged = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            var ids = new List<Guid>();
            for (var i = 0; i < 25; i++)
            {
                var id = Guid.NewGuid();
                await Store.AppendAsync(Post(room, id: id), Stop);
                ids.Add(id);
            }

            return ids;
        })));
        await over.CancelAsync();
        await killing;

        var stored = await Store.ReadStreamAsync(room, cancellationToken: Stop).Select(one => one.Id).ToListAsync(Stop);
        stored.ShouldBe(acknowledged.SelectMany(ids => ids), ignoreOrder: true);
        await ShouldBeSoundAsync();
    }

    [Fact]
    public async Task A_commit_with_a_warning_counts_only_after_another_commit()
    {
        await UseOwnDatabaseAsync();
        await ExecuteAsync(
            """
            CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE WARNING 'canceling wait for synchronous replication due to user request';
                RETURN NULL;
            END $$;
            CREATE TRIGGER warn AFTER INSERT ON mt_events FOR EACH ROW EXECUTE FUNCTION warn();
            """);

        var result = await PostAsync(room);

        result.AlreadyAppended.ShouldBeTrue("the first commit was not taken for an acknowledgement");
        (await Store.FetchStreamStateAsync(room, Stop))!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_told_within_the_deadline()
    {
        var store = NewStore(
            options => options.AppendDeadline = TimeSpan.FromSeconds(1),
            connect => connect.Port = 1);

        await Should.ThrowAsync<StoreUnavailableException>(() => store.AppendAsync(Post(room), Stop));
    }
}
