using System.Globalization;
using Chat.EventStore;

namespace Chat.Api.Rebuilding;

/// <summary>A rebuild's progress in words.</summary>
internal static class RebuildText
{
    public static string Phase(RebuildPhase phase) => phase switch
    {
        RebuildPhase.Loading => "applying the log",
        RebuildPhase.Indexing => "making indexes",
        RebuildPhase.CatchingUp => "catching up",
        RebuildPhase.Swapping => "waiting for readers of the old one",
        RebuildPhase.Done => "done",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "unknown phase"),
    };

    public static string Line(RebuildProgress now) => string.Create(
        CultureInfo.InvariantCulture,
        $"{now.Projection}: {Phase(now.Phase)}, {now.Done:N0} of {now.Total:N0} ({Share(now):P0}), "
        + $"{Rate(now)}{Left(now)}");

    public static string Rate(RebuildProgress now) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.EventsPerSecond:N0} events/s");

    public static string Summary(RebuildProgress last) => string.Create(
        CultureInfo.InvariantCulture,
        $"{last.Projection}: rebuilt from {last.Events:N0} events in {last.Elapsed.TotalSeconds:N1} s, {Rate(last)}.");

    public static double Share(RebuildProgress now) => now.Total == 0 ? 1 : (double)now.Done / now.Total;

    private static string Left(RebuildProgress now) => now is { Phase: RebuildPhase.Loading, Remaining: { } left }
        ? string.Create(CultureInfo.InvariantCulture, $", {left.TotalSeconds:N0} s left")
        : "";
}
