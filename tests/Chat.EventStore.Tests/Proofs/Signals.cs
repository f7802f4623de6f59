using System.Runtime.InteropServices;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>Signals to processes by their number, and what Linux knows of them.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;

    private const int NoSuchProcess = 3;

    public static void Send(int pid, int signal)
    {
        if (SendSignal(pid, signal) != 0 && Marshal.GetLastPInvokeError() is var error && error != NoSuchProcess)
            throw new InvalidOperationException($"Signal {signal} to process {pid} failed with {error}.");
    }

    public static IReadOnlyList<int> ChildrenOf(int pid)
    {
        var file = $"/proc/{pid}/task/{pid}/children";
        return File.Exists(file)
            ? [.. File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]
            : throw new InvalidOperationException("These tests need Linux's /proc with the children of processes.");
    }

    public static string TitleOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    public static async Task EndedAsync(int pid)
    {
        while (TitleOf(pid).Length > 0)
            await Task.Delay(5);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);
}
