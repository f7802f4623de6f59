using System.Runtime.CompilerServices;
using Chat.GraphQL;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<ChatLog>().AddGraphQLServer().AddTypes(typeof(ChatLog).Assembly);
var app = builder.Build();
app.MapGraphQL();
await app.RunAsync();

public sealed record User(int Id, string Name);
public sealed record Message(int Position, string Text, [property: GraphQLIgnore] int AuthorId);

[QueryType] public static class Queries
{
    public static IReadOnlyList<Message> Messages(ChatLog log, int after = 0) => log.After(after).Messages;
}
[MutationType] public static class Mutations
{
    public static Message PostMessage(string text, int authorId, ChatLog log) => log.Append(text, authorId);
}
[SubscriptionType] public static class Subscriptions
{
    [Subscribe(With = nameof(FollowAsync))]
    public static Message MessagePosted([EventMessage] Message message) => message;
    public static async IAsyncEnumerable<Message> FollowAsync(
        ChatLog log, [EnumeratorCancellation] CancellationToken ct, int after = 0)
    {
        for (var (page, more) = log.After(after); ; (page, more) = log.After(after += page.Count))
        {
            foreach (var message in page) yield return message; // each subscriber has its position and misses nothing
            if (page.Count == 0) await more.WaitAsync(ct);
        }
    }
}
[ObjectType<Message>] public static class MessageFields
{
    public static Task<User?> AuthorAsync([Parent] Message message, UserLoader users, CancellationToken ct) =>
        users.LoadAsync(message.AuthorId, ct);
}
public sealed class UserLoader : BatchDataLoader<int, User>
{
    protected override Task<IReadOnlyDictionary<int, User>> LoadBatchAsync( // once for all authors of an answer
        IReadOnlyList<int> keys, CancellationToken ct) => Task.FromResult<IReadOnlyDictionary<int, User>>(
            keys.ToDictionary(id => id, id => new User(id, $"user {id}")));
}
public sealed class ChatLog
{
    private readonly List<Message> messages = [];
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public (IReadOnlyList<Message> Messages, Task More) After(int position)
    { lock (messages) return ([.. messages.Skip(position)], more.Task); }
    public Message Append(string text, int authorId)
    {
        var message = new Message(0, text, authorId);
        lock (messages) messages.Add(message = message with { Position = messages.Count + 1 });
        Interlocked.Exchange(ref more, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return message;
    }
}
