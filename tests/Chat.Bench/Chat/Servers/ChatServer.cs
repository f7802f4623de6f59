using Chat.Bench.Chat.Clients;
using Chat.Bench.Store;

namespace Chat.Bench.Chat.Servers;

/// <summary>A server that is measured: a process of its own, and what it does in PostgreSQL.</summary>
internal abstract class ChatServer(string name, int process, ServerProcesses postgres)
{
    public string Name => name;

    public int Process => process;

    /// <summary>What the server, PostgreSQL and this process have used of the processors.</summary>
    public ProcessorTimes ProcessorTimes =>
        new(LinuxProcess.ProcessorTime(process), postgres.ProcessorTime(), Environment.CpuUsage.TotalTime);

    /// <summary>New people in new rooms, as many in each, who connect when the function is called.</summary>
    public abstract Task<Func<Crowd>> InviteAsync(int people, int peopleOfRoom, CancellationToken cancellation);

    /// <summary>New people in new rooms, as many in each, who are connected.</summary>
    public async Task<Crowd> GatherAsync(int people, int peopleOfRoom, CancellationToken cancellation)
    {
        var connect = await InviteAsync(people, peopleOfRoom, cancellation);
        return connect();
    }

    /// <summary>Waits until what was used for a moment is given back.</summary>
    public abstract Task SettleAsync(CancellationToken cancellation);

    /// <summary>Bytes that are the process's own: neither files nor what it shares with others.</summary>
    public async Task<long> PrivateBytesAsync(CancellationToken cancellation)
    {
        await SettleAsync(cancellation);
        return LinuxProcess.MemoryBytes(process, "RssAnon");
    }
}

internal readonly record struct ProcessorTimes(TimeSpan Server, TimeSpan Postgres, TimeSpan Client)
{
    public static ProcessorTimes operator -(ProcessorTimes end, ProcessorTimes begin) =>
        new(end.Server - begin.Server, end.Postgres - begin.Postgres, end.Client - begin.Client);
}
