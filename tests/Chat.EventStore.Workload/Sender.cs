using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace Chat.EventStore.Workload;

/// <summary>Sends appends; says so before and says afterwards what came of it.</summary>
internal sealed class Sender(EventStore store, string process, LineWriter lines)
{
    private readonly ConcurrentDictionary<Guid, long> versions = new();
    private int attempts;

    /// <summary>The version of a stream that this process has heard of last.</summary>
    public long KnownVersion(Guid stream) => versions.GetValueOrDefault(stream);

    /// <summary>Sends one append once.</summary>
    /// <param name="draft">The append; its number, time and input are given here.</param>
    /// <param name="text">The text of its events.</param>
    /// <param name="cancelAfter">When the caller loses patience.</param>
    public async Task<(Attempt Attempt, Answer Answer)> SendAsync(
        Attempt draft, string text, TimeSpan? cancelAfter = null)
    {
        var number = Interlocked.Increment(ref attempts);
        var attempt = draft with { Number = number, At = Stopwatch.GetTimestamp(), Input = $"{process}/{number}" };
        using var cancelling = new CancellationTokenSource(cancelAfter ?? Timeout.InfiniteTimeSpan);
        lines.Write(new() { Attempt = attempt });
        var answer = await AnswerAsync(attempt, text, cancelling.Token);
        lines.Write(new() { Answer = answer });
        return (attempt, answer);
    }

    private async Task<Answer> AnswerAsync(Attempt attempt, string text, CancellationToken cancellationToken)
    {
        try
        {
            var results = await AppendAsync(attempt, text, cancellationToken);
            foreach (var (part, result) in attempt.Parts.Zip(results))
                Learn(part.Stream, result.LastVersion);
            return Ended(results[0].AlreadyAppended ? AnswerKind.Repeated : AnswerKind.Appended) with
            {
                Results = [.. results.Select(result => new PartResult(
                    result.FirstVersion,
                    result.LastVersion,
                    result.LastSequence,
                    result.Headers?.GetValueOrDefault("input")))],
            };
        }
        catch (ConcurrencyException e)
        {
            Learn(e.StreamId, e.ActualVersion);
            return Ended(AnswerKind.Refused, e) with { RefusedBy = e.StreamId, ActualVersion = e.ActualVersion };
        }
        catch (Exception e)
        {
            return Ended(KindOf(e), e);
        }

        Answer Ended(AnswerKind kind, Exception? error = null) =>
            new(attempt.Number, Stopwatch.GetTimestamp(), kind, [], Error: error?.Message);
    }

    private static AnswerKind KindOf(Exception e) => e switch
    {
        AlongsideConflictException => AnswerKind.AlongsideConflict,
        InvalidEventException => AnswerKind.Invalid,
        OperationCanceledException => AnswerKind.Cancelled,
        AppendOverloadedException => AnswerKind.Overloaded,
        StoreUnavailableException => AnswerKind.Unknown,
        _ => AnswerKind.Broken,
    };

    private async Task<IReadOnlyList<AppendResult>> AppendAsync(
        Attempt attempt, string text, CancellationToken cancellationToken)
    {
        var appends = attempt.Parts.Select(part => AppendOf(attempt, part, text)).ToArray();
        if (attempt.UniqueName is { } name)
            appends[0] = appends[0] with { Alongside = [Insert(name, attempt.Key)] };
        return appends is [var single]
            ? [await store.AppendAsync(single, cancellationToken)]
            : await store.AppendAllAsync(appends, cancellationToken);
    }

    private static Append AppendOf(Attempt attempt, AttemptPart part, string text) => new()
    {
        StreamId = part.Stream,
        StreamType = "room",
        Events = [.. part.Events.Select(one => new NewEvent(one.Id, new Happened(text)) { Tags = one.Tags })],
        Condition = part.Condition switch
        {
            { Kind: PreconditionKind.NoStream } => AppendCondition.NoStream,
            { Kind: PreconditionKind.Version } exact => AppendCondition.Version(exact.Version),
            { Kind: PreconditionKind.Untouched } tagged =>
                AppendCondition.Untouched(tagged.Version, [.. tagged.Tags]),
            _ => AppendCondition.Any,
        },
        Metadata = new() { Headers = new Dictionary<string, string> { ["input"] = attempt.Input } },
    };

    private static NpgsqlBatchCommand Insert(string name, Guid firstEvent) =>
        new("INSERT INTO names (name, first_event) VALUES ($1, $2)")
        {
            Parameters = { new() { Value = name }, new() { Value = firstEvent } },
        };

    private void Learn(Guid stream, long version) =>
        versions.AddOrUpdate(stream, version, (_, known) => Math.Max(known, version));
}
