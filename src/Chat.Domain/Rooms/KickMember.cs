using Chat.Domain.Accounts;
using FluentValidation;

namespace Chat.Domain.Rooms;

/// <summary>Puts a member out, or takes an invitation back.</summary>
public sealed record KickMember(Actor Moderator, Guid MemberId, string? Reason)
{
    public IReadOnlyList<string> RestsOn =>
        [Room.SettingsTag, Room.MemberTag(Moderator.Id), Room.MemberTag(MemberId)];

    public Decision<RoomEvent> Decide(Room room, DateTimeOffset now) => room switch
    {
        _ when room.Refuse(Permission.Moderate, Moderator, now) is { } refusal => refusal,
        _ when !room.Members.ContainsKey(MemberId) && !room.Invited.Contains(MemberId) => Decision<RoomEvent>.Nothing,
        _ when !room.Outranks(Moderator, MemberId) => Room.NotLower,
        _ when room.Members.GetValueOrDefault(MemberId)?.Role == RoomRole.Owner => Room.OwnerStays,
        _ => new MemberKicked(MemberId, Moderator.Id, Reason),
    };

    public sealed class Validator : AbstractValidator<KickMember>
    {
        public Validator() =>
            RuleFor(command => command.Reason!).Reason().When(command => command.Reason is not null);
    }
}
