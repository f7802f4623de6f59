using System.Collections.Concurrent;
using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>What other processes are told while telling fails.</summary>
public sealed class AnnouncerTests(StoreDatabase database) : StoreTest(database)
{
    [Fact]
    public async Task What_could_not_be_told_is_told_later_and_not_tried_all_the_time()
    {
        await UseOwnDatabaseAsync();
        await ExecuteAsync(
            """
            CREATE SCHEMA broken;
            CREATE SEQUENCE broken.tries;
            CREATE FUNCTION broken.pg_notify(channel text, payload text) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM nextval('broken.tries');
                RAISE EXCEPTION 'not now';
            END $$
            """);
        await using var listening = await DataSource.OpenConnectionAsync(Stop);
        var heard = await ListenAsync(listening);
        var announcer = NewStore(
            options => (options.NodeName, options.ReconnectDelayMin) = ("here", TimeSpan.FromMilliseconds(20)),
            connect => connect.SearchPath = "broken, pg_catalog").Announcer;
        announcer.Progressed("Recorded:All", 1, 5);
        announcer.Appended(8, 9);
        announcer.Resume("Recorded");
        await Task.Delay(1000, Stop);
        (await ScalarAsync<long>("SELECT last_value FROM broken.tries")).ShouldBeInRange(2, 10, "the delays grow");
        announcer.Appended(10, 11);
        announcer.Progressed("Recorded:All", 1, 6);
        await ExecuteAsync("DROP SCHEMA broken CASCADE");

        while (heard.Count < 3)
            (await listening.WaitAsync(TimeSpan.FromSeconds(5), Stop)).ShouldBeTrue();
        heard.Order(StringComparer.Ordinal).ShouldBe(["8-11", "Recorded", "Recorded:All\t1\t6\there"]);
    }

    [Fact]
    public async Task Who_was_silent_speaks_at_once_and_then_once_in_an_interval()
    {
        await UseOwnDatabaseAsync();
        await using var listening = await DataSource.OpenConnectionAsync(Stop);
        var heard = await ListenAsync(listening);
        var clock = new ManualClock();
        var announcer = NewStore(
            options => (options.Clock, options.AnnounceInterval) = (clock, TimeSpan.FromSeconds(10))).Announcer;
        announcer.Appended(1, 2);
        await HearAsync(1);
        clock.Delays.ShouldBeEmpty();
        clock.Advance(TimeSpan.FromSeconds(3));
        announcer.Appended(3, 4);
        await HearAsync(2);
        clock.Delays.ShouldBe([TimeSpan.FromSeconds(7)]);
        clock.Advance(TimeSpan.FromSeconds(10));
        announcer.Appended(5, 6);
        await HearAsync(3);

        clock.Delays.Count.ShouldBe(1);
        heard.ShouldBe(["1-2", "3-4", "5-6"]);

        async Task HearAsync(int count)
        {
            while (heard.Count < count)
                (await listening.WaitAsync(TimeSpan.FromSeconds(5), Stop)).ShouldBeTrue();
        }
    }

    private static async Task<ConcurrentQueue<string>> ListenAsync(NpgsqlConnection listening)
    {
        var heard = new ConcurrentQueue<string>();
        listening.Notification += (_, notification) => heard.Enqueue(notification.Payload);
        await using var listen = listening.CreateCommand();
        listen.CommandText = "LISTEN chat_store_progress; LISTEN mt_events_appended";
        await listen.ExecuteNonQueryAsync(Stop);
        return heard;
    }
}
