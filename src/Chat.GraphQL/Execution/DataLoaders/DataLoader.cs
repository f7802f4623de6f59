namespace Chat.GraphQL;

/// <summary>
/// What all data loaders have in common: keys queue up until the current wave of execution ends, then one batch loads
/// them. Loaders are scoped services: one instance per query, per root field of a mutation and per event of a
/// subscription.
/// </summary>
public abstract class DataLoader
{
    private protected DataLoader()
    {
    }

    /// <summary>Starts to load what is queued. It never throws: what fails, fails the loads.</summary>
    internal abstract void Dispatch();
}
