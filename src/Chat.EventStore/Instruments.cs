using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Chat.EventStore;

/// <summary>The store's metrics and traces, under the name <c>Chat.EventStore</c>.</summary>
internal static class Instruments
{
    public const string Name = "Chat.EventStore";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<int> BatchEvents =
        Meter.CreateHistogram<int>("chat.eventstore.batch.events", "{event}", "Events committed together.");

    private static readonly Histogram<double> BatchDuration =
        Meter.CreateHistogram<double>("chat.eventstore.batch.duration", "s", "Time to write and commit a batch.");

    private static readonly Histogram<double> AppendDuration =
        Meter.CreateHistogram<double>(
            "chat.eventstore.append.duration", "s", "Time from the call of an append to its outcome.");

    private static readonly Counter<long> ProjectedEvents =
        Meter.CreateCounter<long>("chat.eventstore.projection.events", "{event}", "Events applied by a shard.");

    private static readonly Counter<long> ProjectionFailures =
        Meter.CreateCounter<long>(
            "chat.eventstore.projection.failures", "{failure}", "Parts of a page that a shard could not apply.");

    private static readonly Counter<long> DeadLetters =
        Meter.CreateCounter<long>("chat.eventstore.projection.dead_letters", "{event}", "Events skipped by a shard.");

    public static void Projected(Shard shard, int events) => ProjectedEvents.Add(events, TagsOf(shard));

    public static void ProjectionFailed(Shard shard) => ProjectionFailures.Add(1, TagsOf(shard));

    public static void DeadLetter(Shard shard) => DeadLetters.Add(1, TagsOf(shard));

    public static TagList TagsOf(Shard shard) => new() { { "projection", shard.Projection }, { "shard", shard.Name } };

    public static void BatchWritten(int events, TimeSpan duration)
    {
        BatchEvents.Record(events);
        BatchDuration.Record(duration.TotalSeconds);
    }

    public static void Appended(TimeSpan duration, string outcome) =>
        AppendDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
}

/// <summary>The trace and the duration of one append.</summary>
internal sealed class MeasuredAppend(TimeProvider clock, Guid streamId) : IDisposable
{
    private readonly Activity? activity = Instruments.Activities.StartActivity("append")?.SetTag("stream", streamId);
    private readonly long started = clock.GetTimestamp();
    private string outcome = "ok";

    public void Failed(Exception e) => outcome = e.GetType().Name;

    public void Dispose()
    {
        Instruments.Appended(clock.GetElapsedTime(started), outcome);
        activity?.SetTag("outcome", outcome);
        activity?.Dispose();
    }
}
