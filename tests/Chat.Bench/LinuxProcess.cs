using System.Globalization;

namespace Chat.Bench;

/// <summary>A process on this machine, as <c>/proc</c> tells of it.</summary>
internal static class LinuxProcess
{
    private const int ParentField = 1;
    private const int UserTimeField = 11;
    private const int ChildrensUserTimeField = 13;
    private const double ClockTicksPerSecond = 100;
    private const long BytesOfKilobyte = 1024;

    public static bool IsTold => File.Exists("/proc/self/stat");

    /// <summary>Processor time of all its threads, in user and kernel mode.</summary>
    public static TimeSpan ProcessorTime(int pid) => StatOf(pid) is { } stat
        ? stat.ProcessorTime
        : throw new InvalidOperationException($"The process {pid} has ended.");

    /// <summary>
    /// Its parent, its processor time, and that of its children that have ended; null where it has ended itself.
    /// </summary>
    public static (int Parent, TimeSpan ProcessorTime, TimeSpan OfEndedChildren)? StatOf(int pid)
    {
        try
        {
            // The second field is the name in parentheses and may hold anything: fields count from the last ')'.
            var line = File.ReadAllText($"/proc/{pid}/stat");
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return ((int)Number(fields[ParentField]), TimeAt(UserTimeField), TimeAt(ChildrensUserTimeField));

            TimeSpan TimeAt(int field) =>
                TimeSpan.FromSeconds((Number(fields[field]) + Number(fields[field + 1])) / ClockTicksPerSecond);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Bytes of memory: <c>VmRSS</c>, all that is mapped; <c>RssAnon</c>, only what is its own.</summary>
    public static long MemoryBytes(int pid, string field)
    {
        var line = File.ReadLines($"/proc/{pid}/status")
            .First(one => one.StartsWith(field + ":", StringComparison.Ordinal));
        return Number(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]) * BytesOfKilobyte;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
