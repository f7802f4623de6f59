using System.Buffers.Text;
using Chat.Domain.Rooms;
using FluentValidation;

namespace Chat.Domain.Messages;

public sealed record PostMessage(Guid MessageId, Guid AuthorId, string Text)
{
    public const int TextGraphemesMax = 10_000;
    public const int CiphertextBytesMax = 64 * 1024;

    private static readonly string AtMost = $"must have at most {TextGraphemesMax} characters";

    public static readonly Refusal TooLong = new("INVALID_INPUT", $"text {AtMost}.") { Field = "text" };

    public static readonly Refusal NotCiphertext =
        new("INVALID_INPUT", "text must be base64 in an encrypted room.") { Field = "text" };

    public IReadOnlyList<string> RestsOn => [Room.SettingsTag, Room.MemberTag(AuthorId)];

    public Decision<RoomEvent> Decide(Room room) => room switch
    {
        _ when room.MayPost(AuthorId) is { } refusal => refusal,
        { Encrypted: true } when !Base64.IsValid(Text) || Text.Any(char.IsWhiteSpace) => NotCiphertext,
        { Encrypted: false } when !Domain.Text.IsWithin(Text, TextGraphemesMax) => TooLong,
        _ => new MessagePosted(MessageId, AuthorId, Text),
    };

    public sealed class Validator : AbstractValidator<PostMessage>
    {
        // What holds for every room. A room's own limit is known only to its decision:
        // ciphertext is longer than its text.
        public Validator() => RuleFor(command => command.Text).Prose().NotBlank()
            .Must(text => Domain.Text.IsWithin(text, CiphertextBytesMax)).WithMessage(AtMost);
    }
}
