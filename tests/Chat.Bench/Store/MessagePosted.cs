using System.Text.Json;

namespace Chat.Bench.Store;

/// <summary>The event of all rows: a chat message whose JSON has about <see cref="JsonBytes"/> bytes.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="AuthorId">Its author.</param>
/// <param name="DueAt">When it was to be sent, by the monotonic clock; 0 where nobody asks.</param>
/// <param name="Text">What it says.</param>
internal sealed record MessagePosted(Guid MessageId, Guid AuthorId, long DueAt, string Text)
{
    public const int JsonBytes = 320;

    public const string Alias = "message_posted";

    /// <summary>As the column <c>mt_dotnet_type</c> has it.</summary>
    public static readonly string DotNetType =
        $"{typeof(MessagePosted).FullName}, {typeof(MessagePosted).Assembly.GetName().Name}";

    private static readonly string FillingText = Filling();

    public static MessagePosted Of(Guid id, Guid author, long dueAt = 0) => new(id, author, dueAt, FillingText);

    private static string Filling()
    {
        const string Words = "the quick brown fox jumps over the lazy dog and says so in the room ";
        var bare = JsonSerializer.SerializeToUtf8Bytes(new MessagePosted(Guid.Empty, Guid.Empty, 0, "")).Length;
        return string.Concat(Enumerable.Repeat(Words, JsonBytes / Words.Length + 1))[..(JsonBytes - bare)];
    }
}
