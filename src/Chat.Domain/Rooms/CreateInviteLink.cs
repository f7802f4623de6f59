using Chat.Domain.Accounts;
using FluentValidation;

namespace Chat.Domain.Rooms;

/// <summary>Makes a link by which people come in. The code itself never comes here.</summary>
public sealed record CreateInviteLink(
    Guid LinkId, Actor Inviter, string CodeHash, int? MaxUses, DateTimeOffset? ExpiresAt)
{
    public const int MaxUsesMax = 10_000;
    public const int OpenLinksMax = 100;

    public static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(365);

    public static readonly Refusal TooMany =
        new("INVITE_LINKS_FULL", $"A room has at most {OpenLinksMax} open invite links: revoke some.");

    public static readonly Refusal BadExpiry =
        new("INVALID_INPUT", $"expiresAt must lie in the future, at most {LifetimeMax.Days} days.")
        {
            Field = "expiresAt",
        };

    /// <summary>
    /// <paramref name="room"/>: the room. Its events come in between unnoticed: the link is judged anew when it is
    /// used. <paramref name="openLinks"/>: how many open links the room has, from the links' read model.
    /// </summary>
    public Decision<InviteLinkEvent> Decide(Room room, int openLinks, DateTimeOffset now) => this switch
    {
        _ when room.Refuse(Permission.Invite, Inviter, now) is { } refusal => refusal,
        _ when ExpiresAt is { } expiry && (expiry <= now || expiry > now + LifetimeMax) => BadExpiry,
        _ when openLinks >= OpenLinksMax => TooMany,
        _ => new InviteLinkCreated(LinkId, room.Id, Inviter.Id, CodeHash, MaxUses, ExpiresAt),
    };

    public sealed class Validator : AbstractValidator<CreateInviteLink>
    {
        public Validator() => RuleFor(command => command.MaxUses).InclusiveBetween(1, MaxUsesMax)
            .WithMessage($"must be between 1 and {MaxUsesMax}");
    }
}
