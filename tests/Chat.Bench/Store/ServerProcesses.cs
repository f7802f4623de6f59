using System.Globalization;

namespace Chat.Bench.Store;

/// <summary>The processes of the PostgreSQL on this machine, as Linux tells of them.</summary>
internal sealed class ServerProcesses(int postmaster)
{
    /// <summary>
    /// The processor time of all that run or have run; <see cref="TimeSpan.MinValue"/> where there is no <c>/proc</c>.
    /// </summary>
    public TimeSpan ProcessorTime()
    {
        if (!LinuxProcess.IsTold)
            return TimeSpan.MinValue;
        var time = TimeSpan.Zero;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && LinuxProcess.StatOf(pid) is { } stat
                && (pid == postmaster || stat.Parent == postmaster))
                time += stat.ProcessorTime + (pid == postmaster ? stat.OfEndedChildren : TimeSpan.Zero);
        }

        return time;
    }

    /// <summary>The server of which a backend is a process; the backend alone where there is no <c>/proc</c>.</summary>
    public static ServerProcesses OfBackend(int backend) =>
        new(LinuxProcess.StatOf(backend) is { } stat ? stat.Parent : backend);
}
