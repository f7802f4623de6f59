using System.Diagnostics;
using Chat.EventStore.Workload;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>
/// Writer processes are killed in the middle of their work, again and again; the next one sends what nobody saw the end
/// of once more, with the same ids.
/// </summary>
[Collection(ProofsCollection.Name)]
public sealed class KilledWriterTests
{
    private const int KillsAtLeast = 100;
    private const int Lanes = 2;
    private const int AnswersMax = 80;
    private const int RetriedAnswersMax = 5;

    [Fact]
    public async Task Killed_writers_lose_and_double_nothing()
    {
        var seed = WorkloadRig.Seeds(1)[0];
        var started = Stopwatch.GetTimestamp();
        await using var database = await StoreDatabase.CloneAsync();
        await using var rig = await WorkloadRig.OpenAsync(database.DataSource, database.ConnectionString, seed);
        var streams = WorkloadRig.NewStreams(6);

        var undecided = await Task.WhenAll(
            Enumerable.Range(0, Lanes).Select(lane => KillAgainAsync(rig, lane, streams)));
        var last = rig.NewProcess();
        await last.StartAsync(rig.NewPlan("last", streams) with
        {
            Retries = [.. undecided.SelectMany(some => some)],
            AppendsPerCaller = 5,
        });
        await rig.FinishAsync(last);

        var seconds = (int)Stopwatch.GetElapsedTime(started).TotalSeconds;
        var history = await rig.ShouldHoldAsync($"killed writers in {seconds} s");
        var cutOff = history.Sent.Where(one => one.Answer is null).Select(one => one.Attempt.Input).ToHashSet();
        var written = (await StoredLog.ReadAsync(database.DataSource)).Events.Select(one => one.Input).ToHashSet();
        cutOff.ShouldContain(input => written.Contains(input), "no process died between the commit and the answer");
        cutOff.ShouldContain(input => !written.Contains(input), "no process died before the commit");
        history.Sent.Count(one => one.Answer is null).ShouldBeGreaterThan(KillsAtLeast);
    }

    /// <summary>Runs one process after the other and kills each; what the last one left undecided.</summary>
    private static async Task<IReadOnlyList<Attempt>> KillAgainAsync(
        WorkloadRig rig, int lane, IReadOnlyList<Guid> streams)
    {
        var random = new Random(rig.Draw());
        IReadOnlyList<Attempt> retries = [];
        var next = rig.NewProcess();
        for (var round = 0; round < KillsAtLeast / Lanes; round++)
        {
            var process = next;
            await process.StartAsync(rig.NewPlan($"lane-{lane}-round-{round}", streams) with
            {
                AppendsPerCaller = 1000,
                SharedAppends = 500,
                Shared = $"shared-{round / 3}",
                TailAfter = await rig.LastSequenceAsync(),
                Retries = retries,
            });

            // The next one's runtime starts meanwhile.
            next = rig.NewProcess();
            await process.GetAnswersAsync(random.Next(retries.Count, retries.Count + AnswersMax));
            await Task.Delay(random.Next(10), StoreTest.Stop);
            await process.KillAsync();
            retries = [.. Undecided(process), .. Decided(process, random)];
            retries = [.. retries.Where(attempt => !attempt.IsInvalid)];
        }

        return retries;
    }

    private static IEnumerable<Attempt> Undecided(WorkloadProcess process)
    {
        var answered = process.Lines.Select(line => line.Answer?.Number).ToHashSet();
        return process.Lines.Select(line => line.Attempt).OfType<Attempt>()
            .Where(attempt => !answered.Contains(attempt.Number));
    }

    private static Attempt[] Decided(WorkloadProcess process, Random random)
    {
        var attempts = process.Lines.Select(line => line.Attempt).OfType<Attempt>().ToArray();
        return attempts.Length == 0 ? [] : random.GetItems(attempts, RetriedAnswersMax);
    }
}
