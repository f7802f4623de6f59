using Chat.Api.Hosting;
using Chat.EventStore;

namespace Chat.Api.Rebuilding;

/// <summary>Shows the rebuild of a node that starts: in its readiness, and now and then in its log.</summary>
internal sealed class UpgradeProgress(Readiness readiness, TimeProvider clock, ILogger logger)
    : IProgress<RebuildProgress>
{
    private readonly RebuildLines _lines = new(line => logger.LogInformation("Rebuilding: {Progress}", line), clock);

    public void Report(RebuildProgress value)
    {
        readiness.Problem = $"rebuilding: {RebuildText.Line(value)}";
        _lines.Report(value);
    }
}
