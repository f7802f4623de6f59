using System.Diagnostics;
using Chat.Bench.Store;

namespace Chat.Bench.Chat.Clients;

/// <summary>
/// All messages of one crowd: when each was to be sent, and whether it came once, to everyone, in the order in which it
/// came to all others of its room. One thread writes; another may count along.
/// </summary>
internal sealed class Traffic(int rooms)
{
    private readonly List<Sent> sent = [];
    private readonly int[] placesOfRoom = new int[rooms];
    private readonly List<long> latencies = [];
    private Stretch timed;
    private int disordered;
    private int failed;
    private long delivered;
    private long expected;

    /// <summary>Deliveries so far.</summary>
    public long Delivered => Volatile.Read(ref delivered);

    /// <summary>Deliveries that there will have been when all has arrived.</summary>
    public long Expected => Volatile.Read(ref expected);

    public long Lost => Expected - Delivered;

    /// <summary>So far.</summary>
    public Arrivals Arrivals => new(Percentiles.Of(latencies), Lost, disordered, failed);

    /// <summary>Messages to be sent in this time are those whose deliveries are timed.</summary>
    public void BeginStretch(Stretch stretch)
    {
        timed = stretch;
        latencies.Clear();
    }

    /// <summary>A new message.</summary>
    /// <param name="sender">Who posts it.</param>
    /// <param name="room">Where.</param>
    /// <param name="listeners">How many are to get it.</param>
    /// <param name="dueAt">When it was to be sent; being late counts.</param>
    /// <returns>Its number.</returns>
    public int Add(int sender, int room, int listeners, long dueAt)
    {
        sent.Add(new() { Sender = sender, Room = room, DueAt = dueAt, Place = -1 });
        Volatile.Write(ref expected, expected + listeners);
        return sent.Count - 1;
    }

    /// <summary>Somebody got a message.</summary>
    /// <param name="number">The message.</param>
    /// <param name="place">How many messages of the room the receiver had before; gets one more.</param>
    /// <returns>Who sent it.</returns>
    public int Deliver(int number, ref int place)
    {
        var now = Stopwatch.GetTimestamp();
        var message = sent[number];
        if (message.Place < 0)
            message.Place = placesOfRoom[message.Room]++;
        if (message.Place < place)
        {
            disordered++;
            return message.Sender;
        }

        if (message.Place > place)
            disordered++;
        place = message.Place + 1;
        Volatile.Write(ref delivered, delivered + 1);
        if (timed.Contains(message.DueAt))
            latencies.Add(now - message.DueAt);
        return message.Sender;
    }

    /// <summary>A message was not answered as it should be; the first of them is shown.</summary>
    public void Fail(string answer)
    {
        if (failed++ == 0)
            Console.Error.WriteLine($"  A server answered: {answer}");
    }

    private sealed class Sent
    {
        public required int Sender { get; init; }

        public required int Room { get; init; }

        public required long DueAt { get; init; }

        /// <summary>Among the messages of its room, in the order of the receiver who got it first.</summary>
        public required int Place { get; set; }
    }
}

/// <summary>How messages arrived.</summary>
/// <param name="Latency">Of the deliveries of the messages of the stretch that counts.</param>
/// <param name="Lost">Deliveries that never came.</param>
/// <param name="Disordered">Deliveries that came twice, or not in the order in which others got them.</param>
/// <param name="Failed">Messages that were not answered as they should be.</param>
internal sealed record Arrivals(Percentiles Latency, long Lost, int Disordered, int Failed)
{
    public bool IsComplete => Lost == 0 && Disordered == 0 && Failed == 0;
}
