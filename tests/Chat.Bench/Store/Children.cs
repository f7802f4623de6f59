using System.Globalization;
using Chat.Bench.Store.Append;
using Chat.Bench.Store.Read;

namespace Chat.Bench.Store;

/// <summary>What this program does as a child of itself.</summary>
internal static class Children
{
    private const string Append = "append";
    private const string Follow = "follow";

    /// <summary>Appends as one of several processes.</summary>
    public static Task<Child> AppendingAsync(
        BenchDatabase database, Workload work, AppendSettings settings, int process, CancellationToken cancellation) =>
        Child.StartAsync(
            database.ConnectionString,
            [Append, work.Name, settings.Ids.ToString(), Text(settings.Seed), Text(process)],
            cancellation);

    /// <summary>Follows the log and notes how long its events were on their way.</summary>
    public static Task<Child> FollowingAsync(BenchDatabase database, int events, CancellationToken cancellation) =>
        Child.StartAsync(database.ConnectionString, [Follow, Text(events)], cancellation);

    public static async Task RunAsync(string[] args, CancellationToken cancellation)
    {
        var connectionString = Environment.GetEnvironmentVariable(StoreBench.DatabaseVariable)!;
        await using var database = await BenchDatabase.OpenAsync(connectionString, cancellation);
        switch (args)
        {
            case [Append, var work, var ids, var seed, var process]:
            {
                var settings = new AppendSettings(
                    TimeSpan.Zero, TimeSpan.Zero, Enum.Parse<IdKind>(ids), Number(seed));
                var stretch = await Child.ReadyAsync();
                await Child.AnswerAsync(await StoreAppends.RunAsync(
                    database, Workload.Named(work), settings, Number(process), stretch, cancellation));
                break;
            }

            case [Follow, var events]:
                await Child.AnswerAsync(await LogFollower.RunAsync(database, Number(events), cancellation));
                break;

            default:
                throw new ArgumentException($"No child does {string.Join(' ', args)}.", nameof(args));
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
