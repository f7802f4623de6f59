using System.Diagnostics;
using System.Globalization;

namespace Chat.Bench;

/// <summary>When each message was sent, by the monotonic clock that its receivers in this process read too.</summary>
internal sealed class SentMessages
{
    /// <summary>Far more than ten senders can post in the time of a run.</summary>
    public const int CountMax = 1_000_000;

    private const string Prefix = "bench ";

    private readonly long[] _sentAt = new long[CountMax];
    private readonly byte[] _room = new byte[CountMax];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Notes a message down as sent now, and gives it its text.</summary>
    public string Next(byte room)
    {
        var number = Interlocked.Increment(ref _count) - 1;
        if (number >= CountMax) throw new InvalidOperationException($"More than {CountMax} messages in one run.");
        _room[number] = room;
        _sentAt[number] = Stopwatch.GetTimestamp();
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}");
    }

    public static int NumberOf(string text) => int.Parse(text.AsSpan(Prefix.Length), CultureInfo.InvariantCulture);

    public long SentAt(int number) => _sentAt[number];

    /// <summary>How many deliveries there have to be: each message goes to everyone who listens to its room.</summary>
    public int DeliveriesTo(IReadOnlyList<RoomListener> listeners)
    {
        var perRoom = listeners.CountBy(listener => listener.Room).ToDictionary();
        return _room.Take(Count).Sum(room => perRoom.GetValueOrDefault(room));
    }
}
