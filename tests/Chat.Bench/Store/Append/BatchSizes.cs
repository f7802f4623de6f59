using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Chat.Bench.Store.Append;

/// <summary>Hears from the store's own metric how many events it commits together.</summary>
internal sealed class BatchSizes : IDisposable
{
    private const string Instrument = "chat.eventstore.batch.events";

    private readonly Lock gate = new();
    private readonly List<(long At, int Events)> heard = [];
    private readonly MeterListener listener = new();

    public BatchSizes()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == Instrument)
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, events, _, _) =>
        {
            lock (gate)
                heard.Add((Stopwatch.GetTimestamp(), events));
        });
        listener.Start();
    }

    public IReadOnlyList<int> Within(Stretch stretch)
    {
        lock (gate)
            return [.. heard.Where(one => stretch.Contains(one.At) && one.Events > 0).Select(one => one.Events)];
    }

    public void Dispose() => listener.Dispose();
}
