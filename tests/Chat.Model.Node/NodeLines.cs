using System.Globalization;

namespace Chat.Model.Node;

/// <summary>
/// The node as a process. Its arguments are settings; its input is the time, in ticks, line by line: the first one
/// starts it and is answered with its address, the others move it and are answered when that is done. It ends with its
/// input.
/// </summary>
internal static class NodeLines
{
    /// <summary>Distinguishes answers from the lines of the server's log.</summary>
    public const string Answer = "node ";

    private static async Task Main(string[] settings)
    {
        if (await NextAsync() is not { } start)
            return;
        await using var node = new HostedNode(
            start, settings.Select(one => one.Split('=', 2)).ToDictionary(one => one[0], one => one[1]));
        Console.WriteLine($"{Answer}{node.Start()}");
        while (await NextAsync() is { } time)
        {
            await node.MoveToAsync(time);
            Console.WriteLine($"{Answer}{time.UtcTicks}");
        }
    }

    private static async Task<DateTimeOffset?> NextAsync() => await Console.In.ReadLineAsync() is { } line
        ? new DateTimeOffset(long.Parse(line, CultureInfo.InvariantCulture), TimeSpan.Zero)
        : null;
}
