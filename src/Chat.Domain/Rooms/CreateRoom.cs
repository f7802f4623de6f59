using Chat.Domain.Accounts;
using FluentValidation;

namespace Chat.Domain.Rooms;

public sealed record CreateRoom(Guid RoomId, string Name, string Topic, RoomVisibility Visibility, bool Encrypted)
{
    public const int NameGraphemesMax = 80;
    public const int TopicGraphemesMax = 250;

    public static readonly Refusal Guest = new("FORBIDDEN", "Guests cannot create rooms on this server.");

    public static readonly Refusal PublicCannotBeEncrypted =
        new("ROOM_PUBLIC_ENCRYPTED", "A public room cannot be end-to-end encrypted: anyone may join it.")
        {
            Field = "encrypted",
        };

    public Decision<RoomEvent> Decide(Account creator, bool guestsCreateRooms) => this switch
    {
        _ when creator.IsGuest && !guestsCreateRooms => Guest,
        { Encrypted: true, Visibility: RoomVisibility.Public } => PublicCannotBeEncrypted,
        _ => new RoomCreated(RoomId, Name, Topic, RoomKind.Group, Visibility, Encrypted, creator.Id),
    };

    public sealed class Validator : AbstractValidator<CreateRoom>
    {
        public Validator()
        {
            RuleFor(command => command.Name).Name(NameGraphemesMax);
            RuleFor(command => command.Topic).Name(TopicGraphemesMax).When(command => command.Topic.Length > 0);
        }
    }
}
