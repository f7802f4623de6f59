namespace Chat.GraphQL;

/// <summary>
/// The data loaders of one scope of services. A batch may go on when nobody waits for its loads any more; the services
/// that it uses must outlive it.
/// </summary>
internal sealed class ScopedLoaders
{
    private readonly Lock gate = new();
    private readonly List<DataLoader> loaders = [];

    /// <summary>Whether no loader has keys that are queued or being loaded.</summary>
    public bool AreQuiet
    {
        get
        {
            lock (gate)
                return loaders.TrueForAll(static loader => loader.IsQuiet);
        }
    }

    public void Add(DataLoader loader)
    {
        lock (gate)
            loaders.Add(loader);
    }

    /// <summary>Waits for all batches, and for those that begin where others end.</summary>
    public async Task WhenQuietAsync()
    {
        while (!AreQuiet)
        {
            Task[] ends;
            lock (gate)
                ends = [.. loaders.Select(static loader => loader.WhenQuietAsync())];
            await Task.WhenAll(ends);
        }
    }
}
