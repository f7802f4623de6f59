using Chat.EventStore.Workload;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>
/// Several processes append to the same streams at once, with all kinds of conditions; what they were told, what their
/// tails and the projection saw and what is in the log must agree.
/// </summary>
[Collection(ProofsCollection.Name)]
public sealed class ConcurrentProcessesTests
{
    private const int SeedsMin = 3;

    public static TheoryData<int> Seeds => [.. WorkloadRig.Seeds(SeedsMin)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_all_were_told_and_saw_agrees_with_the_log(int seed)
    {
        await using var database = await StoreDatabase.CloneAsync();
        await using var rig = await WorkloadRig.OpenAsync(database.DataSource, database.ConnectionString, seed);
        var streams = WorkloadRig.NewStreams(rig.Draw(1, 12));
        var callers = rig.Draw(4, 17);
        var processes = Enumerable.Range(0, 3).Select(_ => rig.NewProcess()).ToArray();
        foreach (var process in processes)
            await process.ReachAsync(Marks.Ready);

        await Task.WhenAll(processes.Select((process, index) => process.StartAsync(
            rig.NewPlan($"seed-{seed}-process-{index}", streams) with { Callers = callers, AppendsPerCaller = 40 })));
        await rig.FinishAsync(processes);

        var history = await rig.ShouldHoldAsync("processes side by side");
        history.Sent.ShouldAllBe(one => one.Answer != null && one.Answer.Kind != AnswerKind.Unknown);
        foreach (var kind in new[] { AnswerKind.Appended, AnswerKind.Repeated, AnswerKind.Refused })
            history.Sent.ShouldContain(one => one.Answer!.Kind == kind);
    }
}
