using System.Globalization;
using System.Runtime.InteropServices;

namespace Chat.Bench;

/// <summary>What a run measured, and whether everything arrived once and in order.</summary>
internal sealed class Report
{
    private const double TailPercent = 99;

    private TimeSpan[] _calm = [];
    private TimeSpan[] _full = [];
    private int _fullMessages;
    private TimeSpan _posting;
    private TimeSpan _delivering;
    private int _messages;
    private int _deliveries;
    private int _lost;
    private int _doubled;
    private int _outOfOrder;

    public bool IsGood => _messages > 0 && _calm.Length > 0 && _full.Length > 0 && _lost + _doubled + _outOfOrder == 0;

    /// <summary>Compares what was sent with what came.</summary>
    /// <param name="sent">Everything that was sent.</param>
    /// <param name="listeners">Everyone who listened, done with it.</param>
    /// <param name="calmStart">The first message of the phase of fixed rate.</param>
    /// <param name="fullStart">The first message of the phase of saturation.</param>
    /// <param name="posting">How long the senders of the last phase posted.</param>
    /// <param name="delivering">When, from the same start, the last of their messages had arrived everywhere.</param>
    public static Report Of(
        SentMessages sent,
        IReadOnlyList<RoomListener> listeners,
        int calmStart,
        int fullStart,
        TimeSpan posting,
        TimeSpan delivering)
    {
        var expected = sent.DeliveriesTo(listeners);
        var deliveries = listeners.SelectMany(listener => listener.Deliveries).ToArray();
        return new()
        {
            _calm = Sorted(deliveries.Where(one => one.Number >= calmStart && one.Number < fullStart)),
            _full = Sorted(deliveries.Where(one => one.Number >= fullStart)),
            _fullMessages = sent.Count - fullStart,
            _posting = posting,
            _delivering = delivering,
            _messages = sent.Count,
            _deliveries = deliveries.Length,
            _lost = expected - deliveries.Length,
            _doubled = listeners.Sum(listener => listener.Doubled),
            _outOfOrder = listeners.Sum(listener => listener.OutOfOrder),
        };
    }

    public void Print(TextWriter output, string postgresVersion)
    {
        var rows = new (string What, string Value)[]
        {
            ($"post -> delivered at {Smoke.CalmMessagesPerSecond} messages/s, p50", Milliseconds(_calm, 50)),
            ($"post -> delivered at {Smoke.CalmMessagesPerSecond} messages/s, p99", Milliseconds(_calm, TailPercent)),
            ("messages/s acknowledged at saturation", PerSecond(_fullMessages, _posting)),
            ("deliveries/s at saturation", PerSecond(_full.Length, _delivering)),
            ("post -> delivered at saturation, p50", Milliseconds(_full, 50)),
            ("post -> delivered at saturation, p99", Milliseconds(_full, TailPercent)),
            ("messages sent, deliveries", Text($"{_messages}, {_deliveries}")),
            ("lost, doubled, out of order", Text($"{_lost}, {_doubled}, {_outOfOrder}")),
        };
        output.WriteLine();
        output.WriteLine(
            Text($"{Smoke.Senders} senders in {Smoke.Rooms} rooms, receivers over graphql-transport-ws too;"));
        output.WriteLine("server, database and clients on the same machine:");
        output.WriteLine(Text($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}"));
        output.WriteLine(Text($".NET {Environment.Version}, PostgreSQL {postgresVersion}"));
        output.WriteLine();
        foreach (var (what, value) in rows) output.WriteLine($"  {what,-42}{value,16}");
        output.WriteLine();
        output.WriteLine(IsGood ? "Nothing was lost or doubled." : "FAILED: deliveries lost, doubled or out of order.");
    }

    private static TimeSpan[] Sorted(IEnumerable<Delivery> deliveries) =>
        [.. deliveries.Select(one => one.Took).Order()];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string PerSecond(int count, TimeSpan time) =>
        (count / time.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture);

    /// <summary>The smallest value that at least this many percent of all do not exceed.</summary>
    private static string Milliseconds(TimeSpan[] sorted, double percent)
    {
        if (sorted.Length == 0) return "none";
        var rank = (int)Math.Ceiling(percent / 100 * sorted.Length);
        return sorted[Math.Max(rank, 1) - 1].TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture) + " ms";
    }
}
