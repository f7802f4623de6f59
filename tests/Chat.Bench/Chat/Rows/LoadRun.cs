using System.Globalization;
using Chat.Bench.Chat.Clients;
using Chat.Bench.Chat.Servers;
using Chat.Bench.Store;

namespace Chat.Bench.Chat.Rows;

/// <summary>One server under load for the time that counts.</summary>
internal sealed record LoadRun(
    double DeliveriesPerSecond, double Deliveries, ProcessorTimes Times, Arrivals Arrivals)
{
    /// <summary>Processor time of the server and of PostgreSQL.</summary>
    public double MicrosecondsOfDelivery => (Times.Server + Times.Postgres).TotalMicroseconds / Deliveries;

    /// <summary>Measures one load.</summary>
    /// <param name="server">What is measured.</param>
    /// <param name="crowd">Whoever posts and receives.</param>
    /// <param name="post">Posts until the stretch is over.</param>
    /// <param name="leadIn">Load before anything counts.</param>
    /// <param name="length">What counts.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<LoadRun> RunAsync(
        ChatServer server,
        Crowd crowd,
        Action<Stretch> post,
        TimeSpan leadIn,
        TimeSpan length,
        CancellationToken cancellation)
    {
        var stretch = Stretch.After(leadIn, length);
        crowd.Begin(stretch);
        var load = Task.Factory.StartNew(
            () => post(stretch), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Stretch.ReachedAsync(stretch.From, cancellation);
        var begin = (Delivered: crowd.Traffic.Delivered, Times: server.ProcessorTimes);
        await Stretch.ReachedAsync(stretch.To, cancellation);
        var end = (Delivered: crowd.Traffic.Delivered, Times: server.ProcessorTimes);
        await load;
        var arrivals = crowd.ReceiveAll();
        var deliveries = end.Delivered - begin.Delivered;
        return new(deliveries / length.TotalSeconds, deliveries, end.Times - begin.Times, arrivals);
    }

    public static string Note(string name, IReadOnlyList<LoadRun> runs)
    {
        string Of(Func<LoadRun, double> value, string format) =>
            Figure.Of(runs.Select(value)).Median.ToString(format, CultureInfo.InvariantCulture);
        string Cost(Func<ProcessorTimes, TimeSpan> time) =>
            Of(run => time(run.Times).TotalMicroseconds / run.Deliveries, "F1");
        string Latency(Func<Percentiles, double> value) => Of(run => value(run.Arrivals.Latency), "F1");
        return $"{name,-9} {Of(run => run.DeliveriesPerSecond, "N0"),7} deliveries/s; "
            + $"p50 {Latency(one => one.P50)}, p99 {Latency(one => one.P99)}, p99.9 {Latency(one => one.P999)}, "
            + $"max {Latency(one => one.Max)} ms; "
            + $"of a delivery: server {Cost(times => times.Server)}, PostgreSQL {Cost(times => times.Postgres)}, "
            + $"client {Cost(times => times.Client)} us; "
            + $"lost {runs.Sum(run => run.Arrivals.Lost)}, "
            + $"doubled or out of order {runs.Max(run => run.Arrivals.Disordered)}, "
            + $"failed {runs.Max(run => run.Arrivals.Failed)}";
    }
}
