namespace Chat.EventStore.Workload;

/// <summary>What a process is to do; the first line of its standard input, as JSON.</summary>
public sealed record WorkloadPlan
{
    /// <summary>Unique among the processes of a test: ids and headers are made of it.</summary>
    public required string Name { get; init; }

    public required string ConnectionString { get; init; }

    /// <summary>Decides the order and the content of the appends, though not how they interleave.</summary>
    public required int Seed { get; init; }

    /// <summary>The streams that all processes append to.</summary>
    public required IReadOnlyList<Guid> Streams { get; init; }

    public int Callers { get; init; } = 8;

    /// <summary>Appends of each caller, retries not counted, unless it is told to stop before.</summary>
    public int AppendsPerCaller { get; init; } = 40;

    /// <summary>
    /// Appends that every process sends, at about the same time, with the same event ids. 0 for none.
    /// </summary>
    public int SharedAppends { get; init; } = 40;

    /// <summary>What the shared appends are named after: the same in all processes that share them.</summary>
    public string Shared { get; init; } = "shared";

    /// <summary>Appends of another process, to be sent again before anything else.</summary>
    public IReadOnlyList<Attempt> Retries { get; init; } = [];

    /// <summary>Where the process begins to follow the log and to print what it sees; null when it does not.</summary>
    public long? TailAfter { get; init; }

    /// <summary>Whether the process runs a projection daemon.</summary>
    public bool Projects { get; init; }

    public int AppendDeadlineSeconds { get; init; } = 30;
}
