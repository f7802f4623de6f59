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

    public static void BatchWritten(int events, TimeSpan duration)
    {
        BatchEvents.Record(events);
        BatchDuration.Record(duration.TotalSeconds);
    }

    public static void Appended(TimeSpan duration, string outcome) =>
        AppendDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
}
