using Chat.GraphQL;

namespace Chat.Bench.GraphQL.Servers;

public sealed record User(int Id, string Name);

public sealed record Message(int Id, string Text, [property: GraphQLIgnore] int AuthorId);

public sealed record Room(int Id, string Name, IReadOnlyList<Message> Messages);

/// <summary>The data that all servers hold in memory, the same as in peers/chat.mjs.</summary>
internal static class ChatData
{
    public const string Hello = "Hello, world!";

    private const int RoomCount = 10;
    private const int MessagesOfRoom = 50;
    private const int UserCount = 20;
    private const int SpecialText = 10;

    public static readonly IReadOnlyDictionary<int, User> Users = Enumerable.Range(1, UserCount)
        .ToDictionary(id => id, id => new User(id, $"User {id}"));

    public static readonly IReadOnlyList<Room> Rooms =
    [
        .. Enumerable.Range(0, RoomCount).Select(room => new Room(
            room + 1, $"Room {room + 1}",
            [.. Enumerable.Range((room * MessagesOfRoom) + 1, MessagesOfRoom).Select(MessageOf)])),
    ];

    public static Message MessageOf(int id)
    {
        var text = id % SpecialText == 0
            ? $"Message {id} says \"Grüße, 世界\" and\nbegins a new line."
            : $"Message {id} is a sentence of the length that people write.";
        return new(id, text, (id % UserCount) + 1);
    }
}
