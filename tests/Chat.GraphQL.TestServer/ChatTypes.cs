namespace Chat.GraphQL.TestServer;

[QueryType]
public static class Queries
{
    public static IReadOnlyList<Message> Messages(Room room, int after = 0) => room.After(after);
}

[MutationType]
public static class Mutations
{
    public static Message Post(Room room, string text) => room.Post(text);
}

[SubscriptionType]
public static class Subscriptions
{
    public static IAsyncEnumerable<Message> SubscribeToPosted(Room room, CancellationToken ct, int after = 0) =>
        room.WatchAsync(after, ct);

    [Subscribe(With = nameof(SubscribeToPosted))]
    public static Message Posted([EventMessage] Message message) => message;

    /// <summary>1, 2, …, and then the stream is complete.</summary>
    public static async IAsyncEnumerable<int> SubscribeToCount(int to)
    {
        for (var number = 1; number <= to; number++)
        {
            await Task.Yield();
            yield return number;
        }
    }

    [Subscribe(With = nameof(SubscribeToCount))]
    public static int Count([EventMessage] int number) => number;
}
