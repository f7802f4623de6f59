using Chat.Api.Realtime;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Accounts;

namespace Chat.Api.Accounts;

/// <summary>
/// People as others see them, remembered for what is live: the same few act again and again. It follows the log, and so
/// knows for which part of it what it remembers holds.
/// </summary>
internal sealed class KnownPeople(SnapshotSource snapshots)
{
    /// <summary>People that are remembered; with one more, all are forgotten.</summary>
    public const int KnownMax = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, User> _known = [];
    private long _followed;
    private long _changes;

    /// <summary>A person as they are after an event of the log, or later; null where that is not known.</summary>
    public User? Find(Guid id, long sequence)
    {
        lock (_lock)
            return sequence <= _followed ? _known.GetValueOrDefault(id) : null;
    }

    /// <summary>People as the read models have them now.</summary>
    public async Task<IReadOnlyDictionary<Guid, User>> LoadAsync(IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        long changes;
        lock (_lock)
            changes = _changes;
        await using var snapshot = new ReadSnapshot(snapshots);
        var found = (await new AccountReader(snapshot).FindAsync(ids, ct)).ToDictionary(row => row.Id, User.From);
        lock (_lock)
        {
            // Whoever changed meanwhile may have been read before or after.
            if (changes == _changes)
                Keep(found);
        }

        return found;
    }

    /// <summary>Knows nobody from here on; what comes after this place of the log is followed.</summary>
    public void Begin(long sequence)
    {
        lock (_lock)
        {
            _known.Clear();
            _changes++;
            _followed = sequence;
        }
    }

    /// <summary>Takes the log's next page, which the read models show.</summary>
    public void Follow(IReadOnlyList<StoredEvent> page)
    {
        lock (_lock)
        {
            foreach (var changed in page.Select(ViewerConcern.Changed).OfType<Guid>())
            {
                _known.Remove(changed);
                _changes++;
            }

            _followed = page[^1].Sequence;
        }
    }

    private void Keep(Dictionary<Guid, User> people)
    {
        if (_known.Count + people.Count > KnownMax)
            _known.Clear();
        foreach (var (id, user) in people)
            _known[id] = user;
    }
}

/// <summary>People whom events of the log name.</summary>
internal sealed class KnownPeopleLoader(KnownPeople people) : BatchDataLoader<Guid, User>
{
    /// <summary>A person whom an event names, as they are after it.</summary>
    public async Task<User> UserAsync(Guid id, long sequence, CancellationToken ct) =>
        people.Find(id, sequence) ?? await LoadAsync(id, ct)
            ?? throw new InvalidOperationException($"Account {id} is named but not in the read models.");

    protected override Task<IReadOnlyDictionary<Guid, User>> LoadBatchAsync(
        IReadOnlyList<Guid> keys, CancellationToken ct) => people.LoadAsync(keys, ct);
}
