using System.Globalization;

namespace Chat.Bench.Store;

/// <summary>The processes of the PostgreSQL on this machine, as Linux tells of them.</summary>
internal sealed class ServerProcesses(int postmaster)
{
    private const int UserTimeField = 11;
    private const double ClockTicksPerSecond = 100;

    /// <summary>
    /// The processor time of all that run now; <see cref="TimeSpan.MinValue"/> where there is no <c>/proc</c>.
    /// </summary>
    public TimeSpan ProcessorTime()
    {
        if (!File.Exists("/proc/self/stat"))
            return TimeSpan.MinValue;
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                || FieldsOf(pid) is not { } fields
                || (pid != postmaster && ParentIn(fields) != postmaster))
                continue;
            ticks += Number(fields[UserTimeField]) + Number(fields[UserTimeField + 1]);
        }

        return TimeSpan.FromSeconds(ticks / ClockTicksPerSecond);
    }

    /// <summary>The server of which a backend is a process; the backend alone where there is no <c>/proc</c>.</summary>
    public static ServerProcesses OfBackend(int backend) =>
        new(FieldsOf(backend) is { } fields ? ParentIn(fields) : backend);

    // The second field is the name in parentheses and may hold anything, so fields are counted from the last ')'.
    private static string[]? FieldsOf(int pid)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{pid}/stat");
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // It has ended.
            return null;
        }
    }

    private static int ParentIn(string[] fields) => (int)Number(fields[1]);

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
