using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Chat.EventStore.Tests;

public sealed class InstrumentsTests(StoreDatabase database) : StoreTest(database)
{
    [Fact]
    public async Task Appends_are_measured_and_traced()
    {
        var measured = new System.Collections.Concurrent.ConcurrentDictionary<string, double>();
        using var metrics = new MeterListener();
        metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Chat.EventStore")
                listener.EnableMeasurementEvents(instrument);
        };
        metrics.SetMeasurementEventCallback<int>((instrument, value, _, _) => measured[instrument.Name] = value);
        metrics.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured[instrument.Name] = value);
        metrics.Start();
        var room = Guid.NewGuid();
        var traced = new TaskCompletionSource<Activity>();
        using var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Chat.EventStore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("stream") is Guid stream && stream == room)
                    traced.TrySetResult(activity);
            },
        };
        ActivitySource.AddActivityListener(traces);

        await PostAsync(room);

        measured.Keys.ShouldBe(
            ["chat.eventstore.batch.events", "chat.eventstore.batch.duration", "chat.eventstore.append.duration"],
            ignoreOrder: true);
        (await traced.Task).GetTagItem("outcome").ShouldBe("ok");
    }
}
