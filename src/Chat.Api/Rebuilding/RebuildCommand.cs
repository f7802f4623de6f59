using System.Runtime.InteropServices;
using Chat.Api.Hosting;
using Chat.EventStore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Spectre.Console;

namespace Chat.Api.Rebuilding;

/// <summary>
/// <c>Chat.Api rebuild [projection …]</c>: rebuilds read models from the log, all of them unless some are named, beside
/// the servers that run. Needs the server's settings.
/// </summary>
internal static class RebuildCommand
{
    public const string Verb = "rebuild";
    public const int Failed = 1;
    public const int Misused = 2;
    public const int Interrupted = 130;

    /// <summary>Runs until done or interrupted; gives the exit code.</summary>
    public static async Task<int> RunAsync(ChatOptions options, IReadOnlyList<string> names, IAnsiConsole console)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await RunAsync(options, names, console, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Runs until done or cancelled; gives the exit code.</summary>
    public static async Task<int> RunAsync(
        ChatOptions options, IReadOnlyList<string> names, IAnsiConsole console, CancellationToken ct)
    {
        var known = ChatServices.Projections;
        if (names.FirstOrDefault(name => known.All(projection => projection.Name != name)) is { } unknown)
        {
            var all = string.Join(", ", known.Select(projection => projection.Name));
            Say(console, $"There is no projection {unknown}; there is: {all}.");
            return Misused;
        }

        try
        {
            await using var database = ChatServices.DataSource(options, Verb, ChatServices.ConnectionsMax);
            await using var log = new EventLog(
                database, ChatServices.StoreOptions(options, TimeProvider.System), NullLogger<EventLog>.Instance);
            await log.MigrateAsync(ct);
            foreach (var projection in known.Where(one => names.Count == 0 || names.Contains(one.Name)))
                await RebuildAsync(projection, log, database, console, ct);
            return 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Say(console, "Stopped. The read model is as it was.");
            return Interrupted;
        }
        catch (Exception e) when (e is RebuildRunningException or RebuildFailedException or EventNotAppliedException
            or NpgsqlException)
        {
            Say(console, e.Message);
            return Failed;
        }
    }

    private static async Task RebuildAsync(
        ISchemaProjection projection, EventLog log, NpgsqlDataSource database, IAnsiConsole console,
        CancellationToken ct)
    {
        var settings = new RebuildOptions();
        var rebuild = new ProjectionRebuild(log, database, settings, NullLogger<ProjectionRebuild>.Instance);
        RebuildProgress last;
        if (console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal)
        {
            last = await RebuildBar.ShowAsync(
                console, projection.Name, progress => rebuild.RunAsync(projection, progress, ct));
        }
        else
        {
            var lines = new RebuildLines(line => Say(console, line), TimeProvider.System);
            last = await rebuild.RunAsync(projection, lines, ct);
        }

        Say(console, RebuildText.Summary(last));
    }

    // As it is: a line of a log is not broken at the width of a terminal that is not there.
    private static void Say(IAnsiConsole console, string line) => console.Profile.Out.Writer.WriteLine(line);
}
