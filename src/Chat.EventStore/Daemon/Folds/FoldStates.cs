using System.Runtime.InteropServices;

namespace Chat.EventStore;

/// <summary>The states that events have touched since they were last written.</summary>
internal sealed class FoldStates<T, TId>(FoldProjection<T, TId> projection)
    where T : class
    where TId : notnull
{
    private readonly Dictionary<TId, State> states = [];

    public int Count => states.Count;

    /// <summary>The keys among these that are not known yet.</summary>
    public TId[] Unknown(IEnumerable<(TId Key, StoredEvent Event)> touches) =>
        [.. touches.Select(touch => touch.Key).Where(key => !states.ContainsKey(key)).Distinct()];

    /// <summary>Remembers a state as the table has it.</summary>
    public void Loaded(TId key, T value) => states[key] = new() { Value = value, IsInTable = true };

    /// <summary>Folds events into the states; what is not known yet begins as null.</summary>
    /// <exception cref="EventNotAppliedException">An event could not be folded.</exception>
    public void Fold(List<(TId Key, StoredEvent Event)> touches)
    {
        foreach (var (key, one) in touches)
        {
            ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(states, key, out _);
            // A projection may name a key twice for one event.
            if (state.Sequence == one.Sequence)
                continue;
            try
            {
                state.Value = projection.Evolve(state.Value, key, one);
            }
            catch (Exception e)
            {
                throw new EventNotAppliedException(projection.Name, one, e);
            }

            (state.Sequence, state.Stamp) = (one.Sequence, projection.StampOf(one));
        }
    }

    /// <summary>The rows as the table should have them.</summary>
    public IEnumerable<KeyedRow<T, TId>> Rows()
    {
        foreach (var (key, state) in states)
        {
            if (state is { Sequence: > 0, Value: { } value })
                yield return new(key, state.Stamp, value);
        }
    }

    /// <summary>The keys of rows that the table has and should not have.</summary>
    public IEnumerable<TId> Gone() =>
        states.Where(entry => entry.Value is { IsInTable: true, Value: null }).Select(entry => entry.Key);

    public void Clear() => states.Clear();

    private struct State
    {
        public T? Value;
        public long Stamp;
        public long Sequence;
        public bool IsInTable;
    }
}
