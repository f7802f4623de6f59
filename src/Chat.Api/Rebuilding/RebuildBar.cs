using Chat.EventStore;
using Spectre.Console;

namespace Chat.Api.Rebuilding;

/// <summary>Shows a rebuild on a terminal: a bar, how far it is, how fast, and how long it will take.</summary>
internal static class RebuildBar
{
    public static Task<RebuildProgress> ShowAsync(
        IAnsiConsole console, string projection, Func<IProgress<RebuildProgress>, Task<RebuildProgress>> rebuild) =>
        console.Progress()
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn(), new ElapsedTimeColumn())
            .StartAsync(async shown =>
            {
                var task = shown.AddTask(Markup.Escape(projection));
                return await rebuild(new Bar(task));
            });

    private sealed class Bar(ProgressTask task) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value)
        {
            task.Description = Markup.Escape(
                $"{value.Projection}: {RebuildText.Phase(value.Phase)}, {RebuildText.Rate(value)}");
            task.MaxValue = Math.Max(1, value.Total);
            task.Value = value.Total == 0 ? 1 : value.Done;
        }
    }
}
