using Chat.EventStore.Workload;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>Each rule of <see cref="Invariants"/> notices what it is there for.</summary>
public sealed class InvariantsTests
{
    private const string Name = "name";

    private static readonly Guid Stream = Guid.NewGuid();
    private static readonly Guid[] Ids = [.. Enumerable.Range(0, 9).Select(_ => Guid.NewGuid())];

    private static readonly LoggedEvent[] Events =
    [
        new(1, Ids[1], Stream, 1, "p/1"), new(2, Ids[2], Stream, 2, "p/1"), new(3, Ids[3], Stream, 3, "p/2"),
        new(5, Ids[5], Stream, 4, "p/5"),
    ];

    private static readonly Sent[] History =
    [
        Sent(
            1,
            Part(Precondition.Any, new(Ids[1], ["pins"]), new(Ids[2], [])),
            Written(AnswerKind.Appended, 1, 2, 2, 1)),
        Sent(2, Part(Untouched(1), new AttemptEvent(Ids[3], [])), Written(AnswerKind.Appended, 3, 3, 3, 2)),
        Sent(3, Part(Exactly(1), new AttemptEvent(Ids[4], [])), Refused(3)),
        Sent(4, Part(Untouched(1), new AttemptEvent(Ids[3], [])), Written(AnswerKind.Repeated, 3, 3, 3, 2)),
        Sent(5, Part(Precondition.Any, new AttemptEvent(Ids[5], [])), Written(AnswerKind.Appended, 4, 4, 5, 5), Name),
        Sent(6, Part(Precondition.Any, new AttemptEvent(Ids[6], [])), Answer(AnswerKind.AlongsideConflict), Name),
        Sent(7, Part(Untouched(0), new AttemptEvent(Ids[7], [])), Refused(4)),
        Sent(8, Part(Precondition.Any, new AttemptEvent(Ids[8], [])), null),
    ];

    private static readonly Follower Follower =
        new("p", 0, [.. Events.Select(one => new SeenEvent(one.Sequence, one.Id, one.Stream, one.Version))], true);

    private static readonly StoredLog Log = new(
        Events,
        new Dictionary<Guid, long> { [Stream] = 4 },
        new Dictionary<string, Guid> { [Name] = Ids[5] },
        [.. Events.Select(one => new RecordedEvent(one.Sequence, one.Stream, one.Version))]);

    [Fact]
    public void A_sound_history_is_not_contradicted() => Judge(History, Log, Follower).ShouldBeEmpty();

    [Fact]
    public void What_was_cut_off_may_be_in_the_log() => Judge(
        History,
        Log with
        {
            Events = [.. Events, new(6, Ids[8], Stream, 5, "p/8")],
            Streams = new Dictionary<Guid, long> { [Stream] = 5 },
            Recorded = [.. Log.Recorded, new(6, Stream, 5)],
        },
        Follower with { IsWhole = false }).ShouldBeEmpty();

    [Fact]
    public void Logs_that_contradict_are_noticed()
    {
        InLog("versions of a stream", Replaced(2, one => one with { Version = 5 }));
        InLog("versions of a stream", Replaced(1, one => one with { Sequence = 4 }));
        InLog("what is in the log was written by", [.. Events, new(6, Ids[4], Stream, 5, "p/3")]);
        InLog("what is in the log was written by", [.. Events, new(6, Guid.NewGuid(), Stream, 5, "foreign")]);
        InLog("an append is in the log as a whole", [.. Events.Where(one => one.Id != Ids[2])]);
        InLog("an append is in the log as a whole", Replaced(1, one => one with { Sequence = 0 }));
        InLog("an append is in the log as a whole", Replaced(1, one => one with { Input = "p/2" }));
        InLog("who is told that it is written", [.. Events.Where(one => one.Id != Ids[3])]);
        Noticed("the streams' rows", History, Log with { Streams = new Dictionary<Guid, long> { [Stream] = 3 } });
        Noticed("rows alongside", History, Log with { Names = new Dictionary<string, Guid>() });
        Noticed("rows alongside", History, Log with { Names = new Dictionary<string, Guid> { [Name] = Ids[6] } });
    }

    [Fact]
    public void Answers_that_contradict_are_noticed()
    {
        InHistory("who is told", 2, one => one with { Answer = Written(AnswerKind.Appended, 3, 3, 4, 2) });
        InHistory("who is told", 4, one => one with { Answer = Written(AnswerKind.Repeated, 3, 3, 3, 4) });
        InHistory("who is told", 3, one => one with { Answer = Answer(AnswerKind.Broken) });
        InHistory("who is told", 8, one => one with { Answer = Answer(AnswerKind.Invalid) });
        InHistory("one append is written once", 4, one => one with
        {
            Answer = Written(AnswerKind.Appended, 3, 3, 3, 4),
        });
        InHistory("one append is written once", 4, one => one with { Answer = Refused(3) });
        InHistory("what is in the log was written by", 5, one => one with { Answer = Answer(AnswerKind.Cancelled) });
        InHistory("an append is in the log as a whole", 5, one => one with
        {
            Attempt = one.Attempt with { IsInvalid = true },
        });
    }

    [Fact]
    public void Conditions_that_were_not_honoured_are_noticed()
    {
        InHistory("conditions of written appends", 2, one => With(one, Untouched(0)));
        InHistory("conditions of written appends", 2, one => With(one, Exactly(1)));
        InHistory("conditions of written appends", 2, one => With(one, Precondition.NoStream));
        InHistory("conditions of refused appends", 3, one => With(one, Exactly(3)));
        InHistory("conditions of refused appends", 3, one => With(one, Precondition.Any));
        InHistory("conditions of refused appends", 7, one => With(one, Untouched(1)));
        InHistory("conditions of refused appends", 3, one => one with { Answer = Refused(2) });
        InHistory("conditions of refused appends", 3, one => one with { Answer = Refused(4) });
        InHistory("rows alongside", 6, one => one with { Attempt = one.Attempt with { UniqueName = null } });
        InHistory("rows alongside", 6, one => one with { Attempt = one.Attempt with { UniqueName = "another" } });
    }

    [Fact]
    public void Orders_that_contradict_are_noticed()
    {
        var late = History[0] with
        {
            Attempt = History[0].Attempt with { At = 900 },
            Answer = History[0].Answer! with { At = 910 },
        };
        Noticed("what began after an answer", [late, .. History[1..]], Log);
        Followed(Follower.Seen[0], Follower.Seen[2], Follower.Seen[1], Follower.Seen[3]);
        Followed(Follower.Seen[0], Follower.Seen[0], Follower.Seen[1], Follower.Seen[2], Follower.Seen[3]);
        Followed(Follower.Seen[0], Follower.Seen[1], Follower.Seen[2]);
        Followed([.. Follower.Seen, new(6, Ids[8], Stream, 5)]);
        Noticed("the projection", History, Log with { Recorded = [.. Log.Recorded.Take(3)] });
        Noticed("the projection", History, Log with { Recorded = [.. Log.Recorded.Reverse()] });
    }

    private static void Followed(params SeenEvent[] seen) =>
        Judge(History, Log, Follower with { Seen = seen }).ShouldContain(one => one.StartsWith("followers see each"));

    private static void InLog(string rule, IReadOnlyList<LoggedEvent> events) =>
        Noticed(rule, History, Log with { Events = [.. events.OrderBy(one => one.Sequence)] });

    private static void InHistory(string rule, int number, Func<Sent, Sent> change) =>
        Noticed(rule, [.. History.Select(one => one.Attempt.Number == number ? change(one) : one)], Log);

    private static void Noticed(string rule, IReadOnlyList<Sent> sent, StoredLog log) =>
        Judge(sent, log, Follower).ShouldContain(one => one.StartsWith(rule));

    private static IReadOnlyList<string> Judge(IReadOnlyList<Sent> sent, StoredLog log, Follower follower) =>
        Invariants.Contradictions(new(new(sent, [follower]), log));

    private static IReadOnlyList<LoggedEvent> Replaced(int place, Func<LoggedEvent, LoggedEvent> change) =>
        [.. Events.Select((one, index) => index == place ? change(one) : one)];

    private static Sent With(Sent sent, Precondition condition) => sent with
    {
        Attempt = sent.Attempt with { Parts = [sent.Attempt.Parts[0] with { Condition = condition }] },
    };

    // The attempt with number n is sent at n * 100 and answered 10 later.
    private static Sent Sent(int number, AttemptPart part, Answer? answer, string? name = null) => new(
        new(number, number * 100, $"p/{number}", [part], name),
        answer is null ? null : answer with { Number = number, At = (number * 100) + 10 });

    private static AttemptPart Part(Precondition condition, params AttemptEvent[] events) =>
        new(Stream, condition, events);

    private static Precondition Untouched(long since) => new(PreconditionKind.Untouched, since, ["pins"]);

    private static Precondition Exactly(long version) => new(PreconditionKind.Version, version, []);

    private static Answer Answer(AnswerKind kind) => new(0, 0, kind, []);

    private static Answer Refused(long actual) =>
        Answer(AnswerKind.Refused) with { RefusedBy = Stream, ActualVersion = actual };

    private static Answer Written(AnswerKind kind, long first, long last, long sequence, int writer) =>
        Answer(kind) with { Results = [new(first, last, sequence, $"p/{writer}")] };
}
