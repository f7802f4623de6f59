using System.Security.Cryptography;
using System.Text;

namespace Chat.EventStore.Workload;

/// <summary>
/// One of the concurrent callers of a process: sends one append after the other, of kinds drawn by weight, each until
/// its answer is known.
/// </summary>
internal sealed class Caller(WorkloadPlan plan, int index, Sender sender)
{
    private const int RetriesMax = 20;
    private const int TextMax = 600;
    private const int UniqueNames = 60;
    private const int TwinsMax = 3;
    private const int StreamsMax = 3;

    private static readonly string[] Tags = ["pins", "author", "governance"];

    private static readonly (int Weight, Kind Kind)[] Weights =
    [
        (30, Kind.Any), (12, Kind.Version), (8, Kind.NoStream), (20, Kind.Untouched), (12, Kind.Shared),
        (4, Kind.Twins), (6, Kind.Alongside), (4, Kind.Again), (2, Kind.TakenId), (1, Kind.Poison), (3, Kind.Cancelled),
        (6, Kind.Several),
    ];

    private readonly Random random = new(unchecked((plan.Seed * 397) ^ index));
    private readonly List<Attempt> written = [];
    private int ids;

    private enum Kind
    {
        Any,
        Version,
        NoStream,
        Untouched,
        Shared,
        Twins,
        Alongside,
        Again,
        TakenId,
        Poison,
        Cancelled,
        Several,
    }

    public async Task RunAsync(Func<bool> isOver)
    {
        for (var step = 0; step < plan.AppendsPerCaller && !isOver(); step++)
            await StepAsync(step);
    }

    /// <summary>Sends an append until it is decided, perhaps one that was sent before.</summary>
    public async Task SendAsync(Attempt draft, string? text = null, TimeSpan? cancelAfter = null)
    {
        text ??= new('x', random.Next(TextMax));
        for (var tries = 0; tries <= RetriesMax; tries++)
        {
            var (attempt, answer) = await sender.SendAsync(draft, text, cancelAfter);
            if (answer.Kind == AnswerKind.Appended)
                written.Add(attempt);
            if (answer.Kind is not (AnswerKind.Unknown or AnswerKind.Overloaded))
                return;
        }
    }

    private Task StepAsync(int step) => Draw() switch
    {
        Kind.Version => SendAsync(Of(Part(AnyStream(), VersionOf))),
        Kind.NoStream => SendAsync(Of(Part(ColdStream(), _ => Precondition.NoStream))),
        Kind.Untouched => SendAsync(Of(Touching(Part(AnyStream(), UntouchedOf)))),
        Kind.Shared when plan.SharedAppends > 0 => SendAsync(Of(SharedPart(step))),
        Kind.Twins => SendTwinsAsync(),
        Kind.Alongside => SendAsync(Of(Part(AnyStream())) with { UniqueName = $"name-{random.Next(UniqueNames)}" }),
        Kind.Again when written.Count > 0 => SendAsync(written[random.Next(written.Count)]),
        Kind.TakenId when written.Count > 0 => SendAsync(WithTakenId(written[random.Next(written.Count)].Key)),
        Kind.Poison => SendAsync(Of(Part(AnyStream())) with { IsInvalid = true }, "not\0storable"),
        Kind.Cancelled => SendAsync(Of(Part(AnyStream())), cancelAfter: TimeSpan.FromMilliseconds(random.Next(0, 6))),
        Kind.Several => SendAsync(SeveralStreams()),
        _ => SendAsync(Of(Part(AnyStream()))),
    };

    private Kind Draw()
    {
        var left = random.Next(Weights.Sum(one => one.Weight));
        return Weights.First(one => (left -= one.Weight) < 0).Kind;
    }

    // The same append several times at once, as impatient clients send it: one writes, the others get its result.
    private async Task SendTwinsAsync()
    {
        var draft = Of(Part(AnyStream()));
        var text = new string('y', random.Next(TextMax));
        var twins = random.Next(2, TwinsMax + 1);
        await Task.WhenAll(Enumerable.Range(0, twins).Select(_ => sender.SendAsync(draft, text)));
    }

    private AttemptPart Part(Guid stream, Func<Guid, Precondition>? condition = null) => new(
        stream,
        condition?.Invoke(stream) ?? Precondition.Any,
        Events(random, () => IdOf($"{plan.Name}/{index}/{++ids}")));

    private static Attempt Of(params AttemptPart[] parts) => new(0, 0, "", parts);

    // Often such an append writes the tags that it asks about, as one more pin asks how many there are.
    private AttemptPart Touching(AttemptPart part) => random.Next(2) == 0
        ? part
        : part with { Events = [part.Events[0] with { Tags = part.Condition.Tags }, .. part.Events.Skip(1)] };

    private Attempt SeveralStreams()
    {
        var streams = plan.Streams.Append(ColdStream()).ToArray();
        random.Shuffle(streams);
        var parts = streams.Take(StreamsMax).Select(stream => Part(stream, AnyCondition)).ToArray();
        return Of(parts) with { UniqueName = random.Next(3) == 0 ? $"name-{random.Next(UniqueNames)}" : null };
    }

    private Precondition AnyCondition(Guid stream) => random.Next(6) switch
    {
        0 => VersionOf(stream),
        1 => UntouchedOf(stream),
        _ => Precondition.Any,
    };

    private Attempt WithTakenId(Guid taken)
    {
        var part = Part(AnyStream());
        return Of(part with { Events = [part.Events[0], new(taken, [])] }) with { IsInvalid = true };
    }

    // Every process comes to the same shared appends at about the same time; their content depends on nothing else.
    private AttemptPart SharedPart(int step)
    {
        var now = (int)((long)step * plan.SharedAppends / plan.AppendsPerCaller);
        var number = Math.Clamp(now + random.Next(-1, 2), 0, plan.SharedAppends - 1);
        var own = new Random(number);
        var name = $"{plan.Shared}/{number}";
        var makesStream = own.Next(3) == 0;
        var stream = makesStream ? IdOf($"{name}/stream") : plan.Streams[own.Next(plan.Streams.Count)];
        var id = 0;
        return new(
            stream,
            makesStream ? Precondition.NoStream : Precondition.Any,
            Events(own, () => IdOf($"{name}/{++id}")));
    }

    private static AttemptEvent[] Events(Random from, Func<Guid> nextId) =>
    [
        .. Enumerable.Range(0, from.Next(3) == 0 ? from.Next(2, 5) : 1).Select(_ => new AttemptEvent(
            nextId(), [.. Tags.Where(_ => from.Next(8) == 0)])),
    ];

    private Guid AnyStream() => plan.Streams[random.Next(plan.Streams.Count)];

    // Few enough that several callers try to make the same stream.
    private Guid ColdStream() =>
        IdOf($"{plan.Shared}/cold/{random.Next(1 + (plan.AppendsPerCaller * plan.Callers / 10))}");

    // Mostly what the process believes; sometimes what was long ago or is not yet.
    private Precondition VersionOf(Guid stream)
    {
        var offset = random.Next(6) switch
        {
            0 => -1,
            1 => 1,
            _ => 0,
        };
        return new(PreconditionKind.Version, Math.Max(0, sender.KnownVersion(stream) + offset), []);
    }

    private Precondition UntouchedOf(Guid stream) => new(
        PreconditionKind.Untouched,
        Math.Max(0, sender.KnownVersion(stream) - (random.Next(2) * random.Next(8))),
        [.. random.GetItems(Tags, random.Next(1, 3)).Distinct()]);

    private static Guid IdOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
}
