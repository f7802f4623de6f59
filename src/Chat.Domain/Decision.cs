namespace Chat.Domain;

/// <summary>What a command's <c>Decide</c> answers: events, nothing to do, or a refusal.</summary>
public sealed record Decision<TEvent>
    where TEvent : class
{
    /// <summary>The command is already fulfilled: it succeeds and adds no event.</summary>
    public static readonly Decision<TEvent> Nothing = new([], refusal: null);

    private Decision(IReadOnlyList<TEvent> events, Refusal? refusal)
    {
        Events = events;
        Refusal = refusal;
    }

    public IReadOnlyList<TEvent> Events { get; }

    public Refusal? Refusal { get; }

    public static Decision<TEvent> Of(params TEvent[] events) => new(events, refusal: null);

    public static implicit operator Decision<TEvent>(TEvent @event) => new([@event], refusal: null);

    public static implicit operator Decision<TEvent>(Refusal refusal) => new([], refusal);
}
