using Chat.Domain.Accounts;
using FluentValidation;

namespace Chat.Domain.Rooms;

/// <summary>Lets a member only read for a time; 0 seconds end that.</summary>
public sealed record MuteMember(Actor Moderator, Guid MemberId, int Seconds, string? Reason)
{
    /// <summary>30 days; for longer there is the ban.</summary>
    public const int SecondsMax = 30 * 24 * 60 * 60;

    public IReadOnlyList<string> RestsOn =>
        [Room.SettingsTag, Room.MemberTag(Moderator.Id), Room.MemberTag(MemberId)];

    public Decision<RoomEvent> Decide(Room room, DateTimeOffset now)
    {
        if (room.Refuse(Permission.Moderate, Moderator, now) is { } refusal)
            return refusal;
        var muted = room.MutedUntil.TryGetValue(MemberId, out var until) && until > now;
        if (!room.Members.ContainsKey(MemberId) && !muted)
            return Room.NoSuchMember;
        if (!room.Outranks(Moderator, MemberId))
            return Room.NotLower;
        if (Seconds == 0)
            return muted ? new MemberUnmuted(MemberId) : Decision<RoomEvent>.Nothing;
        var wanted = now.AddSeconds(Seconds);
        return muted && until == wanted
            ? Decision<RoomEvent>.Nothing
            : new MemberMuted(MemberId, wanted, Moderator.Id, Reason);
    }

    public sealed class Validator : AbstractValidator<MuteMember>
    {
        public Validator()
        {
            RuleFor(command => command.Seconds).InclusiveBetween(0, SecondsMax)
                .WithMessage($"must be between 0 and {SecondsMax}");
            RuleFor(command => command.Reason!).Reason().When(command => command.Reason is not null);
        }
    }
}
