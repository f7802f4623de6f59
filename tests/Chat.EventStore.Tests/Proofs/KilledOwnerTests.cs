using System.Diagnostics;
using Chat.EventStore.Workload;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>The process that owns a projection is killed: another takes over, and applies each event once.</summary>
[Collection(ProofsCollection.Name)]
public sealed class KilledOwnerTests
{
    private const int AnswersMin = 50;
    private static readonly TimeSpan TakeoverMax = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Another_process_takes_over_within_5_seconds_and_nothing_is_applied_twice_or_lost()
    {
        var seed = WorkloadRig.Seeds(1)[0];
        await using var database = await StoreDatabase.CloneAsync();
        await using var rig = await WorkloadRig.OpenAsync(database.DataSource, database.ConnectionString, seed);
        var processes = (await rig.StartAsync(3, WorkloadRig.NewStreams(4))).ToList();
        var takeovers = new List<string>();
        while (processes.Count > 1)
        {
            await Task.WhenAll(processes.Select(process => process.GetAnswersAsync(process.Answered + AnswersMin)));
            var owner = await OwnerAsync(processes);
            await owner.KillAsync();
            processes.Remove(owner);

            var started = Stopwatch.GetTimestamp();
            var last = await rig.LastSequenceAsync();

            // What the others append from now on can only be applied by one of them.
            while (await ProgressAsync() <= last)
            {
                Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TakeoverMax);
                await Task.Delay(20, StoreTest.Stop);
            }

            takeovers.Add($"{Stopwatch.GetElapsedTime(started).TotalMilliseconds:f0} ms");
        }

        await processes.Single().StopLoadAsync();
        await rig.FinishAsync(processes);
        await rig.ShouldHoldAsync($"takeovers in {string.Join(", ", takeovers)}");

        async Task<long> ProgressAsync()
        {
            await using var command = database.DataSource.CreateCommand(
                "SELECT coalesce(max(sequence), 0) FROM recorded");
            return (long)(await command.ExecuteScalarAsync(StoreTest.Stop))!;
        }

        async Task<WorkloadProcess> OwnerAsync(List<WorkloadProcess> among)
        {
            var key = MartenShardLock.KeyOf("public", $"{RecordedProjection.Named}:All");
            await using var command = database.DataSource.CreateCommand(
                $"""
                SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE l.locktype = 'advisory' AND l.objid = {key} AND l.granted AND a.datname = current_database()
                """);
            while (true)
            {
                if (await command.ExecuteScalarAsync(StoreTest.Stop) is string name
                    && among.Find(one => one.Plan!.Name == name) is { } owner)
                    return owner;
                await Task.Delay(20, StoreTest.Stop);
            }
        }
    }
}
