using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.EventStore.Workload;

/// <summary>A line of a process's standard output: exactly one of these is set.</summary>
public sealed record WorkloadLine
{
    /// <summary>An append that is about to be sent.</summary>
    public Attempt? Attempt { get; init; }

    /// <summary>What became of one.</summary>
    public Answer? Answer { get; init; }

    /// <summary>Events as the process's tail gave them.</summary>
    public IReadOnlyList<SeenEvent>? Seen { get; init; }

    /// <summary>How far the process is, see <see cref="Marks"/>.</summary>
    public string? Mark { get; init; }

    /// <summary>The line as it is written.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, WorkloadJson.Default.WorkloadLine);

    public static WorkloadLine Parse(string line) =>
        JsonSerializer.Deserialize(line, WorkloadJson.Default.WorkloadLine)
        ?? throw new JsonException("The line is null.");
}

/// <summary>The stages of a process.</summary>
public static class Marks
{
    /// <summary>The runtime is up; the plan is awaited.</summary>
    public const string Ready = "ready";

    /// <summary>The plan is known; from here on appends are sent.</summary>
    public const string Started = "started";

    /// <summary>All appends are sent and answered; where to end is awaited.</summary>
    public const string Loaded = "loaded";

    /// <summary>Tail and projection have come to the end that was given.</summary>
    public const string Finished = "finished";
}

/// <summary>One call of the store.</summary>
/// <param name="Number">Unique in the process.</param>
/// <param name="At">The machine's monotonic clock, which all processes share, before the call.</param>
/// <param name="Input">Stored in the header <c>input</c>; unique among all attempts, so the log says who wrote.</param>
/// <param name="Parts">The streams that it appends to, atomically; what is retried has the same parts again.</param>
/// <param name="UniqueName">The name that it inserts alongside, null when it brings no command of its own.</param>
/// <param name="IsInvalid">Whether it must be refused as one that can never be written.</param>
public sealed record Attempt(
    int Number,
    long At,
    string Input,
    IReadOnlyList<AttemptPart> Parts,
    string? UniqueName = null,
    bool IsInvalid = false)
{
    /// <summary>What makes attempts the same append: the id of the first event.</summary>
    [JsonIgnore]
    public Guid Key => Parts[0].Events[0].Id;
}

/// <summary>An append to one stream.</summary>
public sealed record AttemptPart(Guid Stream, Precondition Condition, IReadOnlyList<AttemptEvent> Events);

/// <summary>An event of an append.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tags">Its tags.</param>
public sealed record AttemptEvent(Guid Id, IReadOnlyList<string> Tags);

/// <summary>A condition: <paramref name="Version"/> is the expected one, or the one since which tags count.</summary>
public sealed record Precondition(PreconditionKind Kind, long Version, IReadOnlyList<string> Tags)
{
    public static readonly Precondition Any = new(PreconditionKind.Any, 0, []);

    public static readonly Precondition NoStream = new(PreconditionKind.NoStream, 0, []);
}

public enum PreconditionKind
{
    Any,
    NoStream,
    Version,
    Untouched,
}

/// <summary>What a call came to.</summary>
/// <param name="Number">The attempt.</param>
/// <param name="At">The machine's monotonic clock after the call.</param>
/// <param name="Kind">What the store answered.</param>
/// <param name="Results">One for each part, when it was written now or before.</param>
/// <param name="RefusedBy">The stream whose state did not meet the condition.</param>
/// <param name="ActualVersion">The version of that stream.</param>
/// <param name="Error">The message of the exception.</param>
public sealed record Answer(
    int Number,
    long At,
    AnswerKind Kind,
    IReadOnlyList<PartResult> Results,
    Guid? RefusedBy = null,
    long? ActualVersion = null,
    string? Error = null);

/// <summary>Where the events of a part are, and the header <c>input</c> that the store gave back.</summary>
public sealed record PartResult(long FirstVersion, long LastVersion, long LastSequence, string? Input);

public enum AnswerKind
{
    /// <summary>Written now.</summary>
    Appended,

    /// <summary>Written by an earlier attempt with the same ids.</summary>
    Repeated,

    /// <summary>The condition did not hold.</summary>
    Refused,

    /// <summary>The command alongside violated its unique index.</summary>
    AlongsideConflict,

    /// <summary>It can never be written.</summary>
    Invalid,

    /// <summary>The caller cancelled it in time.</summary>
    Cancelled,

    /// <summary>There was no place in the queue.</summary>
    Overloaded,

    /// <summary>Not decided.</summary>
    Unknown,

    /// <summary>The store threw what it does not document.</summary>
    Broken,
}

/// <summary>An event of the tail.</summary>
public sealed record SeenEvent(long Sequence, Guid Id, Guid Stream, long Version);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(WorkloadLine))]
[JsonSerializable(typeof(WorkloadPlan))]
public sealed partial class WorkloadJson : JsonSerializerContext;
