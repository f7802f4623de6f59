using System.Diagnostics;
using Chat.Bench.Store;

namespace Chat.Bench.Chat.Clients;

/// <summary>People in rooms, all of them connected; one thread posts for them and receives.</summary>
internal sealed class Crowd : IDisposable
{
    private static readonly TimeSpan LastDeliveriesMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WaitMax = TimeSpan.FromMilliseconds(100);

    private readonly Poller poller = new();
    private readonly List<int> ready = [];
    private readonly IReadOnlyList<Connection> people;
    private readonly int[] peopleOfRoom;
    private bool answersAreAwaited;

    public Crowd(IReadOnlyList<Connection> people)
    {
        this.people = people;
        peopleOfRoom = [.. people.CountBy(one => one.Room).OrderBy(one => one.Key).Select(one => one.Value)];
        Traffic = new(peopleOfRoom.Length);
        for (var i = 0; i < people.Count; i++)
        {
            people[i].Arrived = Arrived;
            people[i].Failed = Traffic.Fail;
            people[i].JoinPoller(poller, i);
        }
    }

    public Traffic Traffic { get; }

    /// <summary>
    /// Everyone posts in turn, at fixed times, whether what was posted before has arrived or not: a slow server does
    /// not slow the measuring, and what leaves late is late.
    /// </summary>
    public void PostSteadily(double messagesPerSecond, Stretch stretch)
    {
        var (begin, posted) = (Stopwatch.GetTimestamp(), 0);
        var interval = Stopwatch.Frequency / messagesPerSecond;
        while (true)
        {
            var dueAt = begin + (long)(posted * interval);
            if (dueAt >= stretch.To)
                break;
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), dueAt);
            if (left > TimeSpan.Zero)
                Receive(left);
            else
                Post(people[posted++ % people.Count], dueAt);
        }
    }

    /// <summary>Everyone posts again as soon as their own message has come back to them.</summary>
    public void PostWhenAnswered(Stretch stretch)
    {
        answersAreAwaited = true;
        foreach (var person in people)
            Post(person, Stopwatch.GetTimestamp());
        while (Stopwatch.GetTimestamp() < stretch.To)
            Receive(WaitMax);
        answersAreAwaited = false;
    }

    /// <summary>Receives until everything has arrived; what has not after a while is lost.</summary>
    public void ReceiveAll()
    {
        var clock = Stopwatch.StartNew();
        while (Traffic.Lost > 0 && clock.Elapsed < LastDeliveriesMax)
            Receive(WaitMax);
    }

    /// <summary>Receives what nobody waits for, such as who else has entered.</summary>
    public void Receive(Stretch stretch)
    {
        while (Stopwatch.GetTimestamp() < stretch.To)
            Receive(WaitMax);
    }

    public void Dispose()
    {
        foreach (var person in people)
            person.Dispose();
        poller.Dispose();
    }

    private void Receive(TimeSpan time)
    {
        poller.Wait(time, ready);
        foreach (var number in ready)
            people[number].Receive();
    }

    private void Post(Connection person, long dueAt) =>
        person.Post(Traffic.Add(person.Person, person.Room, peopleOfRoom[person.Room], dueAt));

    private void Arrived(Connection receiver, int number)
    {
        var sender = Traffic.Deliver(number, ref receiver.Place);
        if (answersAreAwaited && sender == receiver.Person)
            Post(receiver, Stopwatch.GetTimestamp());
    }
}
