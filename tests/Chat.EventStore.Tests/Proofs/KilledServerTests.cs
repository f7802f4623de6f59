using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>
/// The whole server is stopped without a checkpoint or killed, and started again, while processes append, follow and
/// project: they go on by themselves.
/// </summary>
[Collection(ProofsCollection.Name)]
public sealed class KilledServerTests
{
    private const int Rounds = 6;
    private const int LoadMsMin = 400;
    private const int LoadMsMax = 1500;

    /// <summary>Events that were committed before another one with a lower sequence.</summary>
    private const string CommittedOutOfOrder =
        """
        SELECT count(*) FROM (
            SELECT pg_xact_commit_timestamp(xmin) AS committed_at,
                   lag(pg_xact_commit_timestamp(xmin)) OVER (ORDER BY seq_id) AS before
            FROM mt_events) one
        WHERE one.committed_at IS NULL OR one.committed_at < one.before
        """;

    [Fact]
    public async Task What_was_acknowledged_outlives_the_server()
    {
        var seed = WorkloadRig.Seeds(1)[0];
        await using var server = await PostgresServer.StartNewAsync("track_commit_timestamp=on");
        await using var dataSource = NpgsqlDataSource.Create(server.ConnectionString);
        await using (var migrating = new EventStore(dataSource, StoreTest.Options(), NullLogger<EventStore>.Instance))
            await migrating.MigrateAsync(StoreTest.Stop);
        var pooled = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = true };
        await using var rig = await WorkloadRig.OpenAsync(dataSource, pooled.ConnectionString, seed);
        var processes = await rig.StartAsync(2, WorkloadRig.NewStreams(4));

        for (var round = 0; round < Rounds; round++)
        {
            // Each round begins with work done: the store has come back by itself.
            await Task.WhenAll(processes.Select(process => process.GetAnswersAsync(process.Answered + 1)));
            await Task.Delay(rig.Draw(LoadMsMin, LoadMsMax), StoreTest.Stop);
            await server.StopAsync(round % 2 == 0 ? Signals.Quit : Signals.Kill);
            await server.StartAsync();
        }

        await Task.WhenAll(processes.Select(process => process.GetAnswersAsync(process.Answered + 1)));
        foreach (var process in processes)
            await process.StopLoadAsync();
        await rig.FinishAsync(processes);

        await rig.ShouldHoldAsync($"{Rounds} ends of the server");
        (await server.ScalarAsync<long>(CommittedOutOfOrder)).ShouldBe(0);
    }
}
