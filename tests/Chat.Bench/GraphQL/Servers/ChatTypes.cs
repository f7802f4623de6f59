using Chat.GraphQL;

namespace Chat.Bench.GraphQL.Servers;

[QueryType]
public static class Queries
{
    public static string Hello() => ChatData.Hello;

    public static IReadOnlyList<Room> Rooms() => ChatData.Rooms;
}

[ObjectType<Message>]
public static class MessageFields
{
    public static Task<User> Author([Parent] Message message, UserLoader users, CancellationToken ct) =>
        users.LoadAsync(message.AuthorId, ct)!;
}

[SubscriptionType]
public static class Subscriptions
{
    public const string Topic = "messages";

    public static ValueTask<ISourceStream<Message>> SubscribeToMessages(
        ITopicEventReceiver topics, CancellationToken ct) => topics.SubscribeAsync<Message>(Topic, ct);

    [Subscribe(With = nameof(SubscribeToMessages))]
    public static Message MessageSent([EventMessage] Message message) => message;
}

public sealed class UserLoader : BatchDataLoader<int, User>
{
    protected override Task<IReadOnlyDictionary<int, User>> LoadBatchAsync(
        IReadOnlyList<int> keys, CancellationToken ct)
    {
        var users = new Dictionary<int, User>(keys.Count);
        foreach (var key in keys)
            users.Add(key, ChatData.Users[key]);
        return Task.FromResult<IReadOnlyDictionary<int, User>>(users);
    }
}
