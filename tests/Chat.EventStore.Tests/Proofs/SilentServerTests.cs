using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>A server, or the way to it, that is gone without saying so.</summary>
[Collection(ProofsCollection.Name)]
public sealed class SilentServerTests(StoreDatabase database) : StoreTest(database)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // For opening a connection, reading and a machine that has other things to do.
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(1);

    private readonly Guid room = Guid.NewGuid();

    [Fact]
    public async Task A_listener_notices_within_two_intervals_and_the_tail_goes_on()
    {
        await using var proxy = NewProxy();
        var remote = NewStore(
            options =>
            {
                options.ListenerCheckInterval = Interval;
                options.TailPollInterval = TimeSpan.FromHours(1);
            },
            connect => connect.Port = proxy.Port);
        await using var follower = new TailFollower(remote.Tail);
        await PostAsync(room);
        await follower.WaitForAsync(1);
        while (proxy.Silence("LISTEN ") == 0)
            await Task.Delay(10, Stop);

        var started = Stopwatch.GetTimestamp();
        await PostAsync(room);
        await follower.WaitForAsync(2);

        Stopwatch.GetElapsedTime(started).ShouldBeInRange(TimeSpan.FromMilliseconds(1), (2 * Interval) + Allowance);

        // From now on it hears again.
        await PostAsync(room);
        await follower.WaitForAsync(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_projection_gives_its_lock_back_or_up_when_the_server_is_gone(bool silent)
    {
        await ExecuteAsync(
            "CREATE TABLE recorded (projection text, sequence bigint, PRIMARY KEY (projection, sequence))");
        var proxy = NewProxy();
        var remote = NewStore(connect: connect =>
        {
            connect.Port = proxy.Port;
            connect.CommandTimeout = (int)Interval.TotalSeconds;
        });
        var daemon = new ProjectionDaemon(
            remote,
            remote.DataSource,
            [new RecordingProjection()],
            new() { OwnershipInterval = TimeSpan.FromMilliseconds(200) },
            NullLogger<ProjectionDaemon>.Instance);
        using var stopping = new CancellationTokenSource();
        var running = Task.Run(() => daemon.RunAsync(stopping.Token));
        var first = await PostAsync(room);
        await daemon.WaitForAsync("Recorded", first.LastSequence, TimeSpan.FromSeconds(10), Stop);

        if (silent)
            proxy.Silence("pg_try_advisory_lock").ShouldBeGreaterThan(0);
        else
            await ExecuteAsync(
                """
                SELECT pg_terminate_backend(pid) FROM pg_locks
                WHERE locktype = 'advisory' AND objsubid = 1 AND pid <> pg_backend_pid()
                """);
        await stopping.CancelAsync();

        // A second for the server's answer, two in which the driver waits for the answer to its cancel.
        await Should.NotThrowAsync(() => running.WaitAsync(TimeSpan.FromSeconds(5), Stop));

        daemon.Status("Recorded").LastError.ShouldBeNull("the lock goes with the connection: that is no failure");

        // The proxy answers the server's keepalives, which else would find out: it has to go as well.
        await proxy.DisposeAsync();
        var owner = new ProjectionDaemon(
            Store,
            Store.DataSource,
            [new RecordingProjection()],
            new() { OwnershipInterval = TimeSpan.FromMilliseconds(200) },
            NullLogger<ProjectionDaemon>.Instance);
        using var over = new CancellationTokenSource();
        var next = Task.Run(() => owner.RunAsync(over.Token));
        var last = await PostAsync(room);
        await owner.WaitForAsync("Recorded", last.LastSequence, TimeSpan.FromSeconds(15), Stop);
        await over.CancelAsync();
        await next;
        (await ScalarAsync<long>("SELECT count(*) FROM recorded")).ShouldBe(2);
    }

    private SilentProxy NewProxy() => new(new NpgsqlConnectionStringBuilder(ConnectionString).Port);
}
