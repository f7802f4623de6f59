using Chat.EventStore.Workload;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>What must hold whatever processes and faults there were; each rule yields what contradicts it.</summary>
public static class Invariants
{
    private const int ShownMax = 20;

    private static readonly (string Rule, Func<Evidence, IEnumerable<string>> Contradictions)[] Rules =
    [
        ("versions of a stream are 1..n in sequence order", StreamsAreUnbroken),
        ("the streams' rows stand at their last events", StreamRowsAgree),
        ("what is in the log was written by who may have written it", WritersAreAllowed),
        ("an append is in the log as a whole or not at all, once", AppendsAreWhole),
        ("who is told that it is written finds it there", AnswersAreTrue),
        ("conditions of written appends held", ConditionsHeld),
        ("conditions of refused appends were violated", RefusalsAreJust),
        ("one append is written once, and not decided anew afterwards", RepetitionsAreRecognised),
        ("what began after an answer comes after it in the log", OrderIsRealTime),
        ("rows alongside are written with their appends or not at all", NamesAgree),
        ("followers see each event once and in order", FollowersSeeAll),
        ("the projection applies each event once and in order", ProjectionSawAll),
    ];

    /// <summary>Fails with all that contradicts a rule, up to a number.</summary>
    public static void ShouldHold(Evidence evidence) => Contradictions(evidence).ShouldBeEmpty();

    public static IReadOnlyList<string> Contradictions(Evidence evidence) =>
    [
        .. Rules.SelectMany(one => one.Contradictions(evidence).Take(ShownMax).Select(what => $"{one.Rule}: {what}")),
    ];

    private static IEnumerable<string> StreamsAreUnbroken(Evidence evidence) =>
        from stream in evidence.Log.Events.GroupBy(one => one.Stream)
        from pair in stream.Select((one, place) => (Event: one, Version: place + 1L))
        where pair.Event.Version != pair.Version
        select $"{pair.Event} is number {pair.Version} of its stream";

    private static IEnumerable<string> StreamRowsAgree(Evidence evidence)
    {
        var last = evidence.Log.Events.GroupBy(one => one.Stream)
            .ToDictionary(stream => stream.Key, stream => stream.Max(one => one.Version));
        return evidence.Log.Streams.Where(row => last.GetValueOrDefault(row.Key) != row.Value)
            .Select(row => $"{row.Key} says {row.Value}, its last event {last.GetValueOrDefault(row.Key)}")
            .Concat(last.Keys.Except(evidence.Log.Streams.Keys).Select(id => $"{id} has none"));
    }

    private static IEnumerable<string> WritersAreAllowed(Evidence evidence) =>
        from one in evidence.Log.Events
        let writer = evidence.WriterOf(one.Id)
        where writer is not { MayHaveWritten: true, Attempt.IsInvalid: false }
        select $"{one} was written by {writer?.ToString() ?? "nobody"}";

    private static IEnumerable<string> AppendsAreWhole(Evidence evidence)
    {
        foreach (var sent in evidence.History.Sent.DistinctBy(one => one.Attempt.Key))
        {
            if (sent.Attempt.IsInvalid)
            {
                if (evidence.Find(sent.Attempt.Key) is not null)
                    yield return $"{sent} can never be written and is";
                continue;
            }

            var found = sent.Attempt.Parts
                .SelectMany(part => part.Events.Select(one => (part.Stream, Event: evidence.Find(one.Id))))
                .ToList();
            if (found.TrueForAll(one => one.Event is null))
                continue;
            if (found.Exists(one => one.Event is null || one.Event.Stream != one.Stream))
                yield return $"{sent} is there in part";
            else if (found.Select(one => one.Event!.Input).Distinct().Count() > 1)
                yield return $"{sent} is mixed of several attempts";
            else if (!sent.Attempt.Parts.All(part => IsUnbroken(part.Events, evidence)))
                yield return $"{sent} is torn apart";
        }
    }

    private static bool IsUnbroken(IReadOnlyList<AttemptEvent> events, Evidence evidence)
    {
        var found = events.Select(one => evidence.Find(one.Id)!).ToList();
        return found.Zip(found.Skip(1)).All(pair =>
            pair.Second.Version == pair.First.Version + 1 && pair.Second.Sequence > pair.First.Sequence);
    }

    private static IEnumerable<string> AnswersAreTrue(Evidence evidence)
    {
        foreach (var sent in evidence.History.Sent)
        {
            if (sent.Answer is { Kind: AnswerKind.Broken } broken)
                yield return $"{sent}: {broken.Error}";
            if (sent.Attempt.IsInvalid && sent.IsKnownWritten)
                yield return $"{sent} can never be written";
            if (!sent.Attempt.IsInvalid && sent.Answer is { Kind: AnswerKind.Invalid } invalid)
                yield return $"{sent} is valid: {invalid.Error}";
            if (!sent.IsKnownWritten)
                continue;
            foreach (var (part, result) in sent.Attempt.Parts.Zip(sent.Answer!.Results))
            {
                var first = evidence.Find(part.Events[0].Id);
                var last = evidence.Find(part.Events[^1].Id);
                if (first is null || last is null)
                    yield return $"{sent} is not there";
                else if ((first.Version, last.Version, last.Sequence, first.Input)
                    != (result.FirstVersion, result.LastVersion, result.LastSequence, result.Input))
                    yield return $"{sent} was told {result}, but {first} to {last} is there";
            }
        }
    }

    private static IEnumerable<string> ConditionsHeld(Evidence evidence) =>
        from key in evidence.History.Sent.Select(one => one.Attempt.Key).Distinct()
        let writer = evidence.WriterOf(key)
        where writer is not null && !writer.Attempt.IsInvalid
        from part in writer.Attempt.Parts
        let first = evidence.Find(part.Events[0].Id)
        where first is not null && !Holds(evidence, part, first.Version - 1)
        select $"{writer} was written at {first.Version} in spite of {part.Condition}";

    private static IEnumerable<string> RefusalsAreJust(Evidence evidence)
    {
        foreach (var sent in evidence.History.Sent)
        {
            if (sent.Answer is not { Kind: AnswerKind.Refused, RefusedBy: { } stream, ActualVersion: { } actual })
                continue;
            var part = sent.Attempt.Parts.FirstOrDefault(one => one.Stream == stream);
            var (least, most) =
                (evidence.VersionAtLeast(stream, sent.Attempt.At), evidence.VersionAtMost(stream, sent.EndedAt));
            if (part is null || Holds(evidence, part, actual))
                yield return $"{sent} was refused at {actual}, where its condition held: {part?.Condition}";
            else if (actual < least || actual > most)
                yield return $"{sent} was refused at {actual}; during the call the stream was at {least} to {most}";
        }
    }

    /// <summary>Whether a part's condition holds while its stream is at a version.</summary>
    private static bool Holds(Evidence evidence, AttemptPart part, long version) => part.Condition switch
    {
        { Kind: PreconditionKind.NoStream } => version == 0,
        { Kind: PreconditionKind.Version } exact => version == exact.Version,
        { Kind: PreconditionKind.Untouched } untouched => !untouched.Tags.Any(tag =>
            evidence.Tagged(part.Stream, tag).Any(one => one > untouched.Version && one <= version)),
        _ => true,
    };

    private static IEnumerable<string> RepetitionsAreRecognised(Evidence evidence)
    {
        foreach (var same in evidence.History.Sent.GroupBy(one => one.Attempt.Key))
        {
            if (same.Count(one => one.Answer?.Kind == AnswerKind.Appended) > 1)
                yield return $"{string.Join(" and ", same)} were both written";
            var known = same.Where(one => one.IsKnownWritten).Select(one => one.EndedAt)
                .DefaultIfEmpty(long.MaxValue).Min();
            foreach (var late in same.Where(one => one.Attempt.At > known && one.Answer?.Kind is
                AnswerKind.Appended or AnswerKind.Refused or AnswerKind.AlongsideConflict or AnswerKind.Invalid))
                yield return $"{late} began when it was known to be written";
        }
    }

    private static IEnumerable<string> OrderIsRealTime(Evidence evidence)
    {
        var writers = evidence.Log.Events.GroupBy(one => one.Input)
            .Select(written => (
                Sent: evidence.WriterOf(written.First().Id),
                First: written.Min(one => one.Sequence),
                Last: written.Max(one => one.Sequence)))
            .Where(one => one.Sent is not null)
            .ToList();
        var answered = new Queue<(Sent? Sent, long First, long Last)>(
            writers.Where(one => one.Sent!.IsKnownWritten).OrderBy(one => one.Sent!.EndedAt));
        var last = 0L;
        foreach (var one in writers.OrderBy(one => one.Sent!.Attempt.At))
        {
            while (answered.TryPeek(out var before) && before.Sent!.EndedAt < one.Sent!.Attempt.At)
                last = Math.Max(last, answered.Dequeue().Last);
            if (one.First < last)
                yield return $"{one.Sent} has sequence {one.First}, but {last} was answered before it began";
        }
    }

    private static IEnumerable<string> NamesAgree(Evidence evidence)
    {
        foreach (var (name, key) in evidence.Log.Names.Select(row => (row.Key, row.Value)))
        {
            if (evidence.WriterOf(key)?.Attempt.UniqueName != name)
                yield return $"{name} is there without its append {key}";
        }

        foreach (var sent in evidence.History.Sent.Where(one => one.Attempt.UniqueName is not null))
        {
            var owner = evidence.Log.Names.TryGetValue(sent.Attempt.UniqueName!, out var id) ? id : Guid.Empty;
            if (evidence.Find(sent.Attempt.Key) is not null && owner != sent.Attempt.Key)
                yield return $"{sent} is there without its row";
            if (sent.Answer?.Kind == AnswerKind.AlongsideConflict
                && (owner == sent.Attempt.Key || !(evidence.WriterOf(owner)?.Attempt.At < sent.EndedAt)))
                yield return $"{sent} conflicts with no row that was there";
        }

        foreach (var sent in evidence.History.Sent)
        {
            if (sent is { Attempt.UniqueName: null, Answer.Kind: AnswerKind.AlongsideConflict })
                yield return $"{sent} brought no row";
        }
    }

    private static IEnumerable<string> FollowersSeeAll(Evidence evidence)
    {
        foreach (var follower in evidence.History.Followers)
        {
            var expected = evidence.Log.Events.Where(one => one.Sequence > follower.After)
                .Select(one => new SeenEvent(one.Sequence, one.Id, one.Stream, one.Version)).ToList();
            var different = follower.Seen.Zip(expected).FirstOrDefault(pair => pair.First != pair.Second);
            if (different.First is not null)
                yield return $"{follower.Process} saw {different.First}, where {different.Second} is due";
            else if (follower.Seen.Count > expected.Count)
                yield return $"{follower.Process} saw {follower.Seen[expected.Count]}, which is not there";
            else if (follower.IsWhole && follower.Seen.Count < expected.Count)
                yield return $"{follower.Process} did not see {expected[follower.Seen.Count]}";
        }
    }

    private static IEnumerable<string> ProjectionSawAll(Evidence evidence)
    {
        var expected = evidence.Log.Events
            .Select(one => new RecordedEvent(one.Sequence, one.Stream, one.Version)).ToList();
        var different = evidence.Log.Recorded.Zip(expected).FirstOrDefault(pair => pair.First != pair.Second);
        if (different.First is not null)
            yield return $"{different.First} was applied, where {different.Second} is due";
        else if (evidence.Log.Recorded.Count != expected.Count)
            yield return $"{evidence.Log.Recorded.Count} events were applied of {expected.Count}";
    }
}
