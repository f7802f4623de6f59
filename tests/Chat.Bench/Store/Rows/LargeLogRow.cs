using System.Globalization;
using Chat.Bench.Store.Append;

namespace Chat.Bench.Store.Rows;

/// <summary>Appends to a log that is large already, beside an empty one.</summary>
internal static class LargeLogRow
{
    private const int Streams = 10_000;
    private const double RatioMin = 0.8;

    /// <summary>An event with its place in four indexes, and the write-ahead log of making them.</summary>
    private const long DiskBytesOfEvent = 1000;

    public static async Task<RowResult> RunAsync(BenchSettings settings, CancellationToken cancellation)
    {
        var log = new FilledLog(Streams, settings.LargeLogEvents / Streams, settings.Appends.Ids);
        await using var large = await BenchDatabase.CreateAsync(settings.Server, "large", cancellation);
        await RequireDiskAsync(large, log.Events, cancellation);
        await large.ResetAsync(log, cancellation);
        await using var empty = await BenchDatabase.CreateAsync(settings.Server, "empty", cancellation);
        var rounds = await Rounds<AppendRun>.RunAsync(
            settings.Rounds,
            async () =>
            {
                await large.SettleAsync(cancellation);
                return await StoreAppends.RunAsync(large, Workload.Callers64, settings.Appends, cancellation);
            },
            async _ =>
            {
                await empty.ResetAsync(FilledLog.OfWorkload(settings.Appends.Ids), cancellation);
                return await StoreAppends.RunAsync(empty, Workload.Callers64, settings.Appends, cancellation);
            });
        var name = string.Create(CultureInfo.InvariantCulture, $"append, 64 callers, {log.Events:N0} events before");
        return AppendRows.Result(name, "empty", rounds, RatioMin, null);
    }

    private static async Task RequireDiskAsync(BenchDatabase database, long events, CancellationToken cancellation)
    {
        var folder = await database.ScalarAsync<string>("SELECT current_setting('data_directory')", cancellation);
        var needed = events * DiskBytesOfEvent;
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < needed)
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{events:N0} events need {needed >> 20} MB on the disk of {folder}; {free >> 20} MB are free."));
    }
}
