using System.Diagnostics;
using Chat.Bench.Store;

namespace Chat.Bench.Chat.Clients;

/// <summary>
/// People in rooms. While messages are posted, one thread posts for all and receives; at all other times another one
/// attends to the connections, for servers ask whether somebody is still there.
/// </summary>
internal sealed class Crowd : IDisposable
{
    private static readonly TimeSpan LastDeliveriesMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WaitMax = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly Poller poller = new();
    private readonly List<int> ready = [];
    private readonly Connection[] people;
    private readonly int peopleOfRoom;
    private readonly ManualResetEventSlim attended = new(initialState: true);
    private readonly Task attending;
    private volatile bool isOver;
    private bool answersAreAwaited;

    public Crowd(int people, int peopleOfRoom)
    {
        this.people = new Connection[people];
        this.peopleOfRoom = peopleOfRoom;
        Traffic = new(people / peopleOfRoom);
        attending = Task.Factory.StartNew(
            Attend, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public Traffic Traffic { get; }

    /// <summary>Somebody is connected.</summary>
    public void Add(Connection person)
    {
        person.Arrived = Arrived;
        person.Failed = Traffic.Fail;
        people[person.Person] = person;
        person.JoinPoller(poller, person.Person);
    }

    /// <summary>From now on the deliveries of the messages of this stretch are timed.</summary>
    public void Begin(Stretch stretch) => Alone(() => Traffic.BeginStretch(stretch));

    /// <summary>
    /// Everyone posts in turn, at fixed times, whether what was posted before has arrived or not: a slow server does
    /// not slow the measuring, and what leaves late is late.
    /// </summary>
    public void PostSteadily(double messagesPerSecond, Stretch stretch) => Alone(() =>
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
                Post(people[posted++ % people.Length], dueAt);
        }
    });

    /// <summary>Everyone posts again as soon as their own message has come back to them.</summary>
    public void PostWhenAnswered(Stretch stretch) => Alone(() =>
    {
        answersAreAwaited = true;
        foreach (var person in people)
            Post(person, Stopwatch.GetTimestamp());
        while (Stopwatch.GetTimestamp() < stretch.To)
            Receive(WaitMax);
        answersAreAwaited = false;
    });

    /// <summary>Receives until everything has arrived; what has not after a while is lost.</summary>
    public Arrivals ReceiveAll()
    {
        Arrivals? arrivals = null;
        Alone(() =>
        {
            var clock = Stopwatch.StartNew();
            while (Traffic.Lost > 0 && clock.Elapsed < LastDeliveriesMax)
                Receive(WaitMax);
            arrivals = Traffic.Arrivals;
        });
        return arrivals!;
    }

    /// <summary>Nobody has lost the connection.</summary>
    public void EnsureConnected()
    {
        if (attending.Exception is { } exception)
            throw exception.GetBaseException();
    }

    public void Dispose()
    {
        isOver = true;
        attended.Set();
        ((IAsyncResult)attending).AsyncWaitHandle.WaitOne();
        foreach (var person in people)
            person?.Dispose();
        poller.Dispose();
        attended.Dispose();
    }

    private void Attend()
    {
        var waiting = new List<int>();
        while (true)
        {
            attended.Wait();
            if (isOver)
                return;
            poller.Wait(WaitMax, waiting);
            lock (gate)
            {
                foreach (var number in waiting)
                    people[number].Receive();
            }
        }
    }

    private void Alone(Action work)
    {
        EnsureConnected();
        attended.Reset();
        lock (gate)
            work();
        attended.Set();
    }

    private void Receive(TimeSpan time)
    {
        poller.Wait(time, ready);
        foreach (var number in ready)
            people[number].Receive();
    }

    private void Post(Connection person, long dueAt) =>
        person.Post(Traffic.Add(person.Person, person.Room, peopleOfRoom, dueAt));

    private void Arrived(Connection receiver, int number)
    {
        var sender = Traffic.Deliver(number, ref receiver.Place);
        if (answersAreAwaited && sender == receiver.Person)
            Post(receiver, Stopwatch.GetTimestamp());
    }
}
