using Chat.EventStore;

namespace Chat.Bench.Store.Append;

/// <summary>Appends of one event each, by callers that each wait for the answer before the next.</summary>
/// <param name="Name">How it is called on the command line of a child process.</param>
/// <param name="Callers">How many append at a time.</param>
internal sealed record Workload(string Name, int Callers)
{
    /// <summary>Shared by all callers; each append takes one of them at random.</summary>
    public const int Streams = 100;

    /// <summary>Tags that each stream carries from the start, so that a condition finds rows to judge.</summary>
    public const int TagsOfStream = 10;

    /// <summary>What every stream has before the first append of a run, and the version of its tags.</summary>
    public const int EventsOfStream = 1;

    public static readonly Workload Callers64 = new("callers-64", 64);
    public static readonly Workload Callers32 = new("callers-32", 32);
    public static readonly Workload Callers256 = new("callers-256", 256);
    public static readonly Workload Caller1 = new("caller-1", 1);
    public static readonly Workload TagChecked = new("tag-checked", 64) { ChecksTag = true };
    public static readonly Workload TagWritten = new("tag-written", 64) { WritesTag = true };

    private static readonly Workload[] All = [Callers64, Callers32, Callers256, Caller1, TagChecked, TagWritten];

    /// <summary>Each append has the condition that nothing with a certain tag came since; it always holds.</summary>
    public bool ChecksTag { get; private init; }

    /// <summary>Each event carries a tag that no other has, as that of a message would be.</summary>
    public bool WritesTag { get; private init; }

    public static Workload Named(string name) => All.Single(one => one.Name == name);

    public static Guid StreamId(int number) => new((uint)number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>A tag that a stream carries from the start.</summary>
    public static string TagOf(int number) => $"member:{number}";
}

/// <summary>What one caller appends, the same whether the store or the plain program writes it.</summary>
internal sealed class AppendSource(Workload work, IdKind ids, int seed)
{
    private readonly Random random = new(seed);
    private readonly EventIds eventIds = new(ids, seed);

    public AppendSource(Workload work, AppendSettings settings, int process, int caller)
        : this(work, settings.Ids, HashCode.Combine(settings.Seed, process, caller))
    {
    }

    /// <summary>The number of a stream, and an event for it.</summary>
    public (int Stream, Guid Id, MessagePosted Data) Next()
    {
        var stream = random.Next(Workload.Streams);
        var id = eventIds.Next();
        return (stream, id, MessagePosted.Of(id, Workload.StreamId(stream)));
    }

    public EventStore.Append NextAppend()
    {
        var (stream, id, data) = Next();
        return new()
        {
            StreamId = Workload.StreamId(stream),
            StreamType = "room",
            Events = [work.WritesTag ? new(id, data) { Tags = [$"message:{id}"] } : new(id, data)],
            Condition = work.ChecksTag
                ? AppendCondition.Untouched(
                    Workload.EventsOfStream, Workload.TagOf(random.Next(Workload.TagsOfStream)))
                : AppendCondition.Any,
        };
    }
}
