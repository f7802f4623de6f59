using Chat.Domain.Accounts;
using FluentValidation;

namespace Chat.Domain.Rooms;

public sealed record CreateRoom(Guid RoomId, string Name, string Topic, RoomVisibility Visibility, bool Encrypted)
{
    public const int NameGraphemesMax = 80;
    public const int TopicGraphemesMax = 250;

    public static readonly Refusal Guest = new("FORBIDDEN", "Guests cannot create rooms on this server.");

    /// <summary><paramref name="guestsCreateRooms"/>: the server's setting.</summary>
    public Decision<RoomEvent> Decide(Actor creator, bool guestsCreateRooms) => this switch
    {
        _ when !MayCreate(creator, guestsCreateRooms) => Guest,
        { Encrypted: true, Visibility: RoomVisibility.Public } => Room.PublicCannotBeEncrypted,
        _ => new RoomCreated(RoomId, Name, Topic, RoomKind.Group, Visibility, Encrypted, creator.Id),
    };

    internal static bool MayCreate(Actor creator, bool guestsCreateRooms) =>
        Permissions.Of(ServerPermission.CreateRooms, creator.Role) switch
        {
            Grant.Always => true,
            Grant.WhereGuestsCreateRooms => guestsCreateRooms,
            _ => false,
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
