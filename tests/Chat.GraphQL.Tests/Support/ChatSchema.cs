using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Chat.GraphQL.Tests;

/// <summary>A small chat that uses every kind of type.</summary>
public static class ChatSchema
{
    public static GraphQLBuilder AddChat(this GraphQLBuilder builder)
    {
        Type[] types =
        [
            typeof(ChatQueries), typeof(RoomFields), typeof(ChatMutations), typeof(ChatSubscriptions), typeof(Posted),
            typeof(Joined),
        ];
        foreach (var type in types)
            builder.AddType(type);
        return builder.AddDataLoader<UserLoader>();
    }
}

public enum Mood
{
    Happy,
    VeryHappy,
}

[GraphQLName("User")]
[GraphQLDescription("Someone who writes.")]
public sealed record UserView([property: ID] Guid Id, string Name, Mood? Mood);

[UnionType]
public interface IFound;

[InterfaceType]
[GraphQLName("Event")]
public interface IRoomEvent
{
    long Position { get; }
}

[ObjectType]
public sealed record Posted(long Position, string Text) : IRoomEvent, IFound;

[ObjectType]
public sealed record Joined(long Position, string? Who) : IRoomEvent, IFound;

[GraphQLName("Room")]
public sealed record RoomView(Guid Id, string Name, DateTimeOffset CreatedAt, [property: GraphQLIgnore] int Owner)
{
    [GraphQLDeprecated("Use name.")]
    public string Title => Name;
}

public sealed record CreateRoomInput(
    Guid? CommandId, string Name, [property: DefaultValue(Mood.Happy)] Mood Mood, IReadOnlyList<string>? Tags = null,
    Optional<string> Topic = default);

public sealed record RoomPayload(RoomView? Room, IReadOnlyList<string> Errors);

[OneOf]
public sealed record RoomBy(Guid? Id, string? Name);

public sealed class UserLoader : BatchDataLoader<int, UserView>
{
    private static readonly ConcurrentQueue<int[]> Loaded = new();

    public static IReadOnlyCollection<int[]> Batches => Loaded;

    protected override async Task<IReadOnlyDictionary<int, UserView>> LoadBatchAsync(
        IReadOnlyList<int> keys, CancellationToken ct)
    {
        Loaded.Enqueue([.. keys]);
        await Task.Delay(1, ct);
        return keys.ToDictionary(
            key => key, key => new UserView(new Guid(key, 0, 0, new byte[8]), $"user {key}", Mood.Happy));
    }
}

[QueryType]
public static class ChatQueries
{
    public static string Hello(string? name = "world") => $"hello {name}";

    public static IReadOnlyList<RoomView> Rooms(int first = 3) =>
        [.. Enumerable.Range(1, first).Select(
            i => new RoomView(new Guid(i, 0, 0, new byte[8]), $"room {i}", DateTimeOffset.UnixEpoch, i % 2))];

    public static async Task<RoomView?> GetRoomAsync(RoomBy by, CancellationToken ct)
    {
        await Task.Yield();
        ct.ThrowIfCancellationRequested();
        return by.Name == "none"
            ? null
            : new RoomView(by.Id ?? Guid.Empty, by.Name ?? "by id", DateTimeOffset.UnixEpoch, 1);
    }

    public static IReadOnlyList<IFound?> Search() => [new Posted(1, "a"), null, new Joined(2, null)];

    public static string? WhoAmI([GlobalState] string? caller) => caller;

    public static string Secret() => throw new GraphQLException("not for you", "FORBIDDEN");

    public static int? Broken() => throw new InvalidOperationException("password=123");

    public static async Task<string> SlowAsync(CancellationToken ct)
    {
        await Task.Delay(TimeSpan.FromMinutes(1), ct);
        return "done";
    }
}

[ObjectType<RoomView>]
public static class RoomFields
{
    public static Task<UserView?> OwnerAsync([Parent] RoomView room, UserLoader users, CancellationToken ct) =>
        users.LoadAsync(room.Owner, ct);

    public static string Must([Parent] RoomView room) => room.Owner == 0 ? null! : "ok";
}

[MutationType]
public static class ChatMutations
{
    public static async Task<RoomPayload> CreateRoomAsync(CreateRoomInput input)
    {
        await Task.Yield();
        return new RoomPayload(
            new RoomView(input.CommandId ?? Guid.Empty, input.Name, DateTimeOffset.UnixEpoch, 0),
            [
                input.Mood.ToString(),
                input.Topic.HasValue ? $"topic {input.Topic.Value ?? "null"}" : "no topic",
                .. input.Tags ?? [],
            ]);
    }
}

[SubscriptionType]
public static class ChatSubscriptions
{
    public static async IAsyncEnumerable<IRoomEvent> SubscribeToEvents(
        Guid roomId, long? after, [EnumeratorCancellation] CancellationToken ct)
    {
        if (roomId == Guid.Empty)
            throw new GraphQLException("no such room", "NOT_FOUND");
        for (var position = (after ?? 0) + 1; position <= 3; position++)
        {
            await Task.Yield();
            yield return new Posted(position, $"text {position}");
        }

        if (after == 99)
            await Task.Delay(Timeout.Infinite, ct);
    }

    [Subscribe(With = nameof(SubscribeToEvents))]
    public static IRoomEvent Events([EventMessage] IRoomEvent e) => e;
}
