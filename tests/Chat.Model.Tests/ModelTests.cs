using System.Globalization;
using Chat.Model.Runs;

namespace Chat.Model;

/// <summary>
/// Random commands of ten people in their rooms, over all nodes and partly at once: the server answers and shows what
/// the plain model says. CHAT_MODEL_SEED makes it another run, CHAT_MODEL_STEPS a longer one; CHAT_MODEL_BACKPLANE runs
/// its part over that one only.
/// </summary>
public sealed class ModelTests
{
    private const int Worlds = 6;
    private const int StepsOfRound = 60;

    // Pinned, so that what fails in a run of all tests is what was changed; other seeds are tried by hand.
    private const int PinnedSeed = 2;

    // Slow mode has 20 s, mutes 30 s to a day, own messages can be changed for 24 h.
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(31),
        TimeSpan.FromMinutes(10), TimeSpan.FromHours(2), TimeSpan.FromHours(24), TimeSpan.FromHours(25),
    ];

    private static readonly (Topology Topology, int StepsInShare)[] Shares =
    [
        (new Topology("postgres", 2) { IsOfProcesses = true }, 8_000),
        (new Topology("redis", 2) { IsOfProcesses = true }, 8_000),
        (new Topology("inprocess", 1), 4_000),
    ];

    public static TheoryData<Topology, int> Runs()
    {
        var only = Environment.GetEnvironmentVariable("CHAT_MODEL_BACKPLANE");
        var runs = new TheoryData<Topology, int>();
        foreach (var (topology, stepsInShare) in Shares)
        {
            if (string.IsNullOrEmpty(only) || topology.Backplane == only)
                runs.Add(topology, stepsInShare);
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task The_server_does_what_the_plain_model_says(Topology topology, int stepsInShare)
    {
        var seed = Setting("CHAT_MODEL_SEED", PinnedSeed);
        var steps = (int)(Setting("CHAT_MODEL_STEPS", 20_000) * (stepsInShare / 20_000.0));
        // Failing or not, a run can be repeated by what it printed.
        Console.WriteLine($"measured: model test on {topology}, CHAT_MODEL_SEED={seed}, {steps} steps");
        await using var nodes = await Nodes.StartAsync(topology);
        var random = new Random(seed);
        var worlds = new List<WorldRun>();
        for (var i = 0; i < Worlds; i++)
        {
            var owner = i == 0 ? null : worlds[0].Owner;
            worlds.Add(await WorldRun.StartAsync(nodes, $"w{i}", (seed * Worlds) + i, owner));
        }

        while (worlds.Sum(world => world.Steps) < steps)
        {
            // Nobody acts while the time moves.
            var pause = Pauses[random.Next(Pauses.Length)];
            await nodes.AdvanceAsync(pause);
            worlds.ForEach(world => world.Pass());
            if (pause > TimeSpan.FromMinutes(1))
                await Task.WhenAll(worlds.Select(world => world.RefreshAsync()));
            var isLast = worlds.Sum(world => world.Steps) + (Worlds * StepsOfRound) >= steps;
            await Task.WhenAll(worlds.Select(world => world.RunAsync(StepsOfRound, isLast)));
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
