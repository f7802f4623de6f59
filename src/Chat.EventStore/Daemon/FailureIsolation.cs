namespace Chat.EventStore;

/// <summary>
/// Finds the event at which a page fails: the page is tried again, then halved. What succeeds before is committed, so
/// the event is where the failures converge. A page that takes too long is halved too, and no event is blamed. Survives
/// a lost connection, as it remembers positions only.
/// </summary>
internal sealed class FailureIsolation(int retriesMax)
{
    private int failures;
    private int timeouts;
    private int limit = int.MaxValue;
    private long floor;
    private long suspectedThrough;

    /// <summary>Failures of the page in a row.</summary>
    public int Failures => failures;

    /// <summary>The event found and why it fails; null while none is.</summary>
    public FailingEvent? Found { get; private set; }

    /// <summary>Goes on from a position, which is another one when somebody else moved the progress.</summary>
    public void Start(long position)
    {
        if (position != floor)
            Reset();
        floor = position;
    }

    /// <summary>The part of the rest of a page to try next.</summary>
    public IReadOnlyList<StoredEvent> Next(IReadOnlyList<StoredEvent> rest) =>
        rest.Count <= limit ? rest : [.. rest.Take(limit)];

    /// <summary>Takes note that a part failed. The next step is up to <see cref="Found"/>.</summary>
    public void Failed(IReadOnlyList<StoredEvent> part, string error)
    {
        Suspect(part);
        if (++failures <= retriesMax)
            return;
        if (part.Count == 1)
            Found = FailingEvent.Of(part[0], error);
        limit = Math.Max(1, part.Count / 2);
    }

    /// <summary>Takes note that a part took longer than it may.</summary>
    public void TookTooLong(IReadOnlyList<StoredEvent> part)
    {
        Suspect(part);
        if (++timeouts > retriesMax)
            limit = Math.Max(1, part.Count / 2);
    }

    /// <summary>Lets the event that was found be tried once more.</summary>
    public void TryAgain() => Found = null;

    /// <summary>Takes note that everything up to a position is done.</summary>
    public void Passed(long position)
    {
        floor = position;
        if (position >= suspectedThrough || position >= Found?.Sequence)
            Reset();
    }

    /// <summary>Forgets everything: another owner may have applied, or rebuilt, what failed here.</summary>
    public void Reset() =>
        (failures, timeouts, limit, suspectedThrough, Found) = (0, 0, int.MaxValue, 0, null);

    private void Suspect(IReadOnlyList<StoredEvent> part)
    {
        if (limit == int.MaxValue)
            suspectedThrough = part[^1].Sequence;
    }
}
