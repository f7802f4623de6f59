namespace Chat.EventStore;

/// <summary>How far a projection is, as this process knows it; wakes those who wait for it.</summary>
internal sealed class ProjectionProgress(string name)
{
    private readonly Lock gate = new();
    private readonly Broadcast changed = new();
    private long position;
    private string? owner;
    private string? lastError;
    private bool isPageFailed;

    public string Name { get; } = name;

    /// <summary>The name of the progress row, after Marten.</summary>
    public string Identity { get; } = $"{name}:All";

    /// <summary>Ends with the next change. To be taken before looking.</summary>
    public Task Changed => changed.Next;

    public long Position => Interlocked.Read(ref position);

    public bool OwnedHere { get; private set; }

    public void Own(long storedPosition, string node) => Change(() =>
    {
        (OwnedHere, owner) = (true, node);
        // A page that cannot be applied is still to come; any other trouble is over.
        if (!isPageFailed || storedPosition != position)
            Clear();
        position = storedPosition;
    });

    public void Disown() => Change(() => (OwnedHere, owner) = (false, null));

    public void Advance(long reached) => Change(() =>
    {
        position = reached;
        Clear();
    });

    /// <summary>
    /// The stored progress was read. Unless this process is the owner, that is all there is to do, and it succeeded.
    /// </summary>
    public void Read(long stored)
    {
        Heard(stored, null);
        Change(() =>
        {
            if (!OwnedHere)
                Clear();
        });
    }

    /// <summary>Another process told how far it is; announcements may be late.</summary>
    public void Heard(long reached, string? toldBy) => Change(() =>
    {
        if (OwnedHere)
            return;
        owner = toldBy ?? owner;
        position = Math.Max(position, reached);
    });

    /// <summary>Remembers what went wrong until it goes well again.</summary>
    public void Fail(Exception error, bool inPage) => Change(() => (lastError, isPageFailed) = (error.Message, inPage));

    public ProjectionStatus Status(long end)
    {
        lock (gate)
            return new(Name, position, Math.Max(0, end - position), owner, OwnedHere, lastError);
    }

    private void Clear() => (lastError, isPageFailed) = (null, false);

    private void Change(Action change)
    {
        lock (gate)
            change();
        changed.Raise();
    }
}
