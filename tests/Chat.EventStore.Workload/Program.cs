using System.Globalization;
using System.Text.Json;
using Chat.EventStore.Workload;

// The plan; then an empty line where the appends are to stop before their number is reached; then the sequence to end
// at. When standard input ends first, the parent is gone: so are we.
var lines = new LineWriter(Console.OpenStandardOutput());
lines.Write(new() { Mark = Marks.Ready });
if (await Console.In.ReadLineAsync() is not { } first)
    return;
var plan = JsonSerializer.Deserialize(first, WorkloadJson.Default.WorkloadPlan)
    ?? throw new JsonException("The plan is null.");
var run = new WorkloadRun(plan, lines);
var listening = Task.Run(async () =>
{
    while (await Console.In.ReadLineAsync() is { } line)
    {
        if (line.Length == 0)
            run.StopLoad();
        else
            run.EndAt(long.Parse(line, CultureInfo.InvariantCulture));
    }

    Environment.Exit(3);
});
await run.RunAsync();
