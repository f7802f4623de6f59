namespace Chat.GraphQL;

/// <summary>
/// What all data loaders have in common: keys queue up until the current wave of execution ends, then one batch loads
/// them. Loaders are scoped services: one instance per query, per root field of a mutation and per event of a
/// subscription, or per run of events of a page (<see cref="EventPage{TEvent}"/>).
/// </summary>
public abstract class DataLoader
{
    private protected DataLoader()
    {
    }

    /// <summary>Whether no keys are queued or being loaded.</summary>
    internal abstract bool IsQuiet { get; }

    /// <summary>Ends when no keys are queued or being loaded, nor by what went on with loaded values.</summary>
    internal abstract Task WhenQuietAsync();

    /// <summary>Starts to load what is queued. It never throws: what fails, fails the loads.</summary>
    internal abstract void Dispatch();
}
