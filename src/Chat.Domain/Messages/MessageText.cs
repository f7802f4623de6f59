using System.Buffers.Text;
using Chat.Domain.Rooms;
using FluentValidation;

namespace Chat.Domain.Messages;

/// <summary>The rules of a message's text: what holds everywhere, and what only its room can say.</summary>
public static class MessageText
{
    public const int GraphemesMax = 10_000;

    /// <summary>Base64 included.</summary>
    public const int CiphertextBytesMax = 64 * 1024;

    public const int MentionsMax = 50;

    private static readonly string AtMost = $"must have at most {GraphemesMax} characters";

    public static readonly Refusal TooLong = new("INVALID_INPUT", $"text {AtMost}.") { Field = "text" };

    public static readonly Refusal NotCiphertext =
        new("INVALID_INPUT", "text must be base64 in an encrypted room.") { Field = "text" };

    public static readonly Refusal CiphertextTooLong =
        new("INVALID_INPUT", $"text must have at most {CiphertextBytesMax} bytes in an encrypted room.")
        {
            Field = "text",
        };

    public static readonly Refusal MentionNotMember =
        new("MESSAGE_MENTION_NOT_MEMBER", "Only members of the room can be mentioned.") { Field = "mentionIds" };

    /// <summary>Null: the room takes this text.</summary>
    public static Refusal? Refuse(Room room, string text) => room.Encrypted switch
    {
        true when text.Length > CiphertextBytesMax => CiphertextTooLong,
        true when !Base64.IsValid(text) || text.Any(char.IsWhiteSpace) => NotCiphertext,
        false when !Text.IsWithin(text, GraphemesMax) => TooLong,
        _ => null,
    };

    /// <summary>
    /// What holds for every room. A room's own limit is known only to its decision: ciphertext is longer than its text.
    /// </summary>
    public static IRuleBuilderOptions<T, string> MessageTextOfAnyRoom<T>(this IRuleBuilderInitial<T, string> rule) =>
        rule.Prose().NotBlank().Must(text => Text.IsWithin(text, CiphertextBytesMax)).WithMessage(AtMost);

    public static IRuleBuilderOptions<T, IReadOnlyList<Guid>> Mentions<T>(
        this IRuleBuilderInitial<T, IReadOnlyList<Guid>> rule) => rule
        .Must(ids => ids.Count <= MentionsMax).WithMessage($"must have at most {MentionsMax} entries");

    /// <summary>The mentions as they are stored: each once, null when there is none.</summary>
    internal static IReadOnlyList<Guid>? Stored(IReadOnlyList<Guid> mentionIds) =>
        mentionIds.Count == 0 ? null : [.. mentionIds.Distinct()];
}
