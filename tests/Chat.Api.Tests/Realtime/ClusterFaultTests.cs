namespace Chat.Api.Tests.Realtime;

/// <summary>Nodes that die, and a backplane that goes away and comes back.</summary>
public sealed class ClusterFaultTests
{
    /// <summary>A node's silence is noticed within 10 s; a loaded machine gets more.</summary>
    private static readonly TimeSpan NoticedMax = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_killed_node_takes_its_people_with_it_over_postgres()
    {
        await using var cluster = new PostgresCluster();
        await KillAsync(cluster);
    }

    [Fact]
    public async Task A_killed_node_takes_its_people_with_it_over_redis()
    {
        await using var cluster = new RedisCluster();
        await KillAsync(cluster);
    }

    [Fact]
    public async Task Terminated_backends_are_opened_again_and_what_was_missed_is_told_again()
    {
        await using var cluster = new PostgresCluster();
        await cluster.InitializeAsync();
        await RecoverAsync(cluster, async () =>
        {
            await using var terminate = cluster.Database.DataSource.CreateCommand(
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and application_name like '% signals'
                """);
            ((long)(await terminate.ExecuteScalarAsync())!).ShouldBeGreaterThan(1);
        });
    }

    [Fact]
    public async Task A_redis_that_comes_back_empty_is_told_everything_again()
    {
        await using var cluster = new RedisCluster();
        await cluster.InitializeAsync();
        await RecoverAsync(cluster, async () =>
        {
            await cluster.Redis!.StopAsync();
            await cluster.Redis.StartAsync();
        });
    }

    private static async Task KillAsync(ChatCluster cluster)
    {
        await cluster.InitializeAsync();
        using var alice = await cluster.PersonAsync("Alice", cluster.First);
        using var bob = await cluster.PersonAsync("Bob", cluster.Second);
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        await using var socket = await bob.ConnectAsync();
        await Eventually.TrueAsync(async () => await alice.PresenceOfAsync(bob.Id, room) == "ONLINE");
        await cluster.Nodes[1].KillAsync();
        await Eventually.TrueAsync(async () => await alice.PresenceOfAsync(bob.Id, room) == "OFFLINE", NoticedMax);
    }

    private static async Task RecoverAsync(ChatCluster cluster, Func<Task> breakAsync)
    {
        using var alice = await cluster.PersonAsync("Alice", cluster.First);
        using var bob = await cluster.PersonAsync("Bob", cluster.Second);
        using var carol = await cluster.PersonAsync("Carol", cluster.Second);
        var room = await alice.CreateRoomAsync();
        await bob.JoinAsync(room);
        await carol.JoinAsync(room);
        await using var before = await bob.ConnectAsync();
        await Eventually.TrueAsync(async () => await alice.PresenceOfAsync(bob.Id, room) == "ONLINE");
        await breakAsync();
        // While nothing is heard, somebody comes; it is known all the same.
        await using var after = await carol.ConnectAsync();
        await Eventually.TrueAsync(async () => await alice.PresenceOfAsync(carol.Id, room) == "ONLINE", NoticedMax);
        (await alice.PresenceOfAsync(bob.Id, room)).ShouldBe("ONLINE");
        await using var watched = await Watched.TypingAsync(alice, room);
        await Eventually.TrueAsync(
            async () =>
            {
                await bob.TypeAsync(room);
                return await watched.NextAsync() == (bob.Id, true);
            },
            NoticedMax);
    }
}
