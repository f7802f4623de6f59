using Chat.EventStore.Workload;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>What the processes say that they did and saw.</summary>
public sealed record History(IReadOnlyList<Sent> Sent, IReadOnlyList<Follower> Followers)
{
    public static History Of(IEnumerable<WorkloadProcess> processes)
    {
        var sent = new List<Sent>();
        var followers = new List<Follower>();
        foreach (var process in processes)
        {
            var lines = process.Lines;
            var answers = lines.Where(line => line.Answer is not null)
                .ToDictionary(line => line.Answer!.Number, line => line.Answer);
            sent.AddRange(lines.Where(line => line.Attempt is not null)
                .Select(line => new Sent(line.Attempt!, answers.GetValueOrDefault(line.Attempt!.Number))));
            if (process.Plan is { TailAfter: { } after } plan)
            {
                var seen = lines.SelectMany(line => line.Seen ?? []);
                followers.Add(new(plan.Name, after, [.. seen], !process.WasKilled));
            }
        }

        return new(sent, followers);
    }

    /// <summary>How many came to what; the attempts that nobody saw the end of count as "cut off".</summary>
    public string Counts => string.Join(", ", Sent
        .GroupBy(one => one.Answer?.Kind.ToString() ?? "cut off", (kind, all) => $"{all.Count()} {kind}")
        .Order(StringComparer.Ordinal));
}

/// <summary>An attempt and what its process was told; nothing when the process died before.</summary>
public sealed record Sent(Attempt Attempt, Answer? Answer)
{
    public long EndedAt => Answer?.At ?? long.MaxValue;

    public bool IsKnownWritten => Answer?.Kind is AnswerKind.Appended or AnswerKind.Repeated;

    /// <summary>
    /// Whether this attempt may be the one that wrote: it says so, or it found its own earlier try, or nobody knows.
    /// </summary>
    public bool MayHaveWritten => Answer is null || IsKnownWritten || Answer.Kind == AnswerKind.Unknown;

    public override string ToString() => $"{Attempt.Input} ({Answer?.Kind.ToString() ?? "cut off"})";
}

/// <summary>What a process's tail gave it.</summary>
/// <param name="Process">The process.</param>
/// <param name="After">Where it began.</param>
/// <param name="Seen">The events in the order of their coming.</param>
/// <param name="IsWhole">Whether it came to the end of the log.</param>
public sealed record Follower(string Process, long After, IReadOnlyList<SeenEvent> Seen, bool IsWhole);
