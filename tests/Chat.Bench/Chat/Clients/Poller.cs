using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Chat.Bench.Chat.Clients;

/// <summary>
/// Linux's epoll. One thread serves all sockets with one system call for many and one for each that has something:
/// what measures shares two cores with what is measured, so it does as little as there is to do.
/// </summary>
internal sealed unsafe partial class Poller : IDisposable
{
    private const int EventsMax = 256;
    private const int Add = 1;
    private const uint Readable = 1;
    private const int CloseOnExec = 0x80000;
    private const int Interrupted = 4;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;
    private static readonly int EventBytes = DataAt + sizeof(long);

    private readonly int epoll = Checked(Create(CloseOnExec));

    /// <summary>Watches a socket; <paramref name="number"/> is what <see cref="Wait"/> calls it.</summary>
    public void Watch(Socket socket, int number)
    {
        fixed (byte* one = new byte[EventBytes])
        {
            *(uint*)one = Readable;
            *(long*)(one + DataAt) = number;
            Checked(Control(epoll, Add, (int)socket.Handle, one));
        }
    }

    /// <summary>Several threads may wait. Waits until some have something to read, or the time is over.</summary>
    /// <param name="time">The longest wait.</param>
    /// <param name="ready">Gets their numbers.</param>
    public void Wait(TimeSpan time, List<int> ready)
    {
        ready.Clear();
        var nanoseconds = Math.Max(0, (long)(time.TotalMicroseconds * 1000));
        var timeout = stackalloc long[2] { nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000 };
        var events = stackalloc byte[EventsMax * EventBytes];
        var count = WaitForEvents(epoll, events, EventsMax, timeout, null);
        if (count < 0 && Marshal.GetLastPInvokeError() != Interrupted)
            Checked(count);
        for (var i = 0; i < count; i++)
            ready.Add((int)*(long*)(events + (i * EventBytes) + DataAt));
    }

    public void Dispose() => Checked(Close(epoll));

    private static int Checked(int result) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int socket, byte* one);

    // Not epoll_wait: its timeout is in whole milliseconds, and messages leave every millisecond.
    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    private static partial int WaitForEvents(int epoll, byte* events, int max, long* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);
}
