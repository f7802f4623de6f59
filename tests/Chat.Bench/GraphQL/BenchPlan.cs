namespace Chat.Bench.GraphQL;

/// <summary>How much is measured, and where.</summary>
/// <param name="ServerCore">The core that servers run on; this process runs on another.</param>
/// <param name="Peers">The folder of the peers, installed.</param>
/// <param name="IsQuick">To see whether something moved, not to write down.</param>
internal sealed record BenchPlan(string ServerCore, string Peers, bool IsQuick)
{
    /// <summary>Connections that are kept alive, each with one request at a time.</summary>
    public const int Connections = 32;

    public const int Sockets = 1_000;
    public const int EventsPerSecond = 10;
    public const int WarmUpEventsPerSecond = 20;
    public const int BurstEvents = 200;
    public const int IdleSubscriptions = 10_000;
    public const int SubscriptionsOfSocket = 100;

    /// <summary>Load before anything counts, at most.</summary>
    public static readonly TimeSpan WarmUpMax = TimeSpan.FromSeconds(30);

    /// <summary>How often each thing is measured; the servers take turns.</summary>
    public int Rounds => IsQuick ? 3 : 5;

    /// <summary>Load in each round before it counts.</summary>
    public TimeSpan LeadIn => TimeSpan.FromSeconds(0.3);

    /// <summary>What counts of each round.</summary>
    public TimeSpan Stretch => TimeSpan.FromSeconds(IsQuick ? 1.5 : 4);

    /// <summary>
    /// Events before those of a round that count. With 60 the run-time compiler and the runtime took about a quarter of
    /// what was measured.
    /// </summary>
    public int FanOutWarmUpEvents => IsQuick ? 100 : 200;

    /// <summary>Events of a round of a fan-out.</summary>
    public int FanOutEvents => IsQuick ? 30 : 60;

    /// <summary>How long a delivery may take before it counts as lost.</summary>
    public TimeSpan DeliveryMax => TimeSpan.FromSeconds(20);
}
