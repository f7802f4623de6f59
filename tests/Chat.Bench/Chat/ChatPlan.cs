namespace Chat.Bench.Chat;

/// <summary>How much is measured.</summary>
/// <param name="IsQuick">To see whether something moved, not to write down.</param>
internal sealed record ChatPlan(bool IsQuick)
{
    public const int People = 200;
    public const int PeopleOfRoom = 20;
    public const int MessagesPerSecond = 1_000;
    public const int DeliveriesPerSecond = MessagesPerSecond * PeopleOfRoom;

    public int IdleSockets => IsQuick ? 400 : 2_000;

    /// <summary>Messages of the large room.</summary>
    public int LargeRoom => IsQuick ? 50_000 : 1_000_000;

    /// <summary>How often each room is opened in a round.</summary>
    public int Openings => IsQuick ? 300 : 2_000;

    /// <summary>How often each thing is measured; the servers take turns.</summary>
    public int Rounds => IsQuick ? 1 : 5;

    /// <summary>Load before anything counts: until the code is compiled and optimised.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(IsQuick ? 8 : 35);

    /// <summary>Load in each round before it counts.</summary>
    public TimeSpan LeadIn => TimeSpan.FromSeconds(IsQuick ? 1 : 2);

    /// <summary>What counts of each round.</summary>
    public TimeSpan Stretch => TimeSpan.FromSeconds(IsQuick ? 5 : 10);
}
