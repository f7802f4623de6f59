using Chat.Domain.Accounts;
using FluentValidation;

namespace Chat.Domain.Rooms;

/// <summary>Puts somebody out for good, also before they came.</summary>
public sealed record BanMember(Actor Moderator, Guid MemberId, string? Reason)
{
    public IReadOnlyList<string> RestsOn =>
        [Room.SettingsTag, Room.MemberTag(Moderator.Id), Room.MemberTag(MemberId)];

    /// <summary>
    /// <paramref name="banned"/>: the account to ban, from the accounts' read model; null when there is none.
    /// </summary>
    public Decision<RoomEvent> Decide(Room room, Account? banned, DateTimeOffset now) => room switch
    {
        _ when room.Refuse(Permission.Ban, Moderator, now) is { } refusal => refusal,
        _ when banned is null => Account.NotFound,
        _ when room.Banned.Contains(MemberId) => Decision<RoomEvent>.Nothing,
        _ when !room.Outranks(Moderator, MemberId) => Room.NotLower,
        _ when room.Members.GetValueOrDefault(MemberId)?.Role == RoomRole.Owner => Room.OwnerStays,
        _ => new MemberBanned(MemberId, Moderator.Id, Reason),
    };

    public sealed class Validator : AbstractValidator<BanMember>
    {
        public Validator() =>
            RuleFor(command => command.Reason!).Reason().When(command => command.Reason is not null);
    }
}
