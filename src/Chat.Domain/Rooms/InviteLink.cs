using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Chat.Domain.Accounts;

namespace Chat.Domain.Rooms;

/// <summary>
/// What happened to one invite link. The link is a stream of its own: members do not see who made which links.
/// </summary>
public abstract record InviteLinkEvent;

/// <summary>Who knows the code may come in; the log keeps only its hash.</summary>
[StoredAs("invite_link_created")]
public sealed record InviteLinkCreated(
    Guid LinkId,
    Guid RoomId,
    Guid CreatedBy,
    string CodeHash,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxUses = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ExpiresAt = null)
    : InviteLinkEvent;

[StoredAs("invite_link_used")]
public sealed record InviteLinkUsed(Guid UsedBy) : InviteLinkEvent;

[StoredAs("invite_link_revoked")]
public sealed record InviteLinkRevoked(Guid RevokedBy) : InviteLinkEvent;

public sealed record InviteLink(Guid Id, Guid RoomId, Guid CreatedBy, int? MaxUses, DateTimeOffset? ExpiresAt)
{
    /// <summary>Tags the end of a link.</summary>
    public const string RevokedTag = "revoked";

    /// <summary>Tags a use: for links with a limit, the next one rests on it.</summary>
    public const string UsesTag = "uses";

    /// <summary>One answer for all that is wrong with a code: who guesses learns nothing.</summary>
    public static readonly Refusal Invalid =
        new("INVITE_LINK_INVALID", "There is no such invite link, or it is no longer valid.") { Field = "code" };

    public int Uses { get; init; }

    public bool Revoked { get; init; }

    /// <summary>What a use of the link rests on. One without a limit is used by many at once.</summary>
    public IReadOnlyList<string> RestsOn => MaxUses is null ? [RevokedTag] : [RevokedTag, UsesTag];

    /// <summary>A link holds as long as its maker may invite.</summary>
    public bool IsOpen(Room room, DateTimeOffset now) =>
        !Revoked
        && RoomId == room.Id
        && (MaxUses is not { } max || Uses < max)
        && (ExpiresAt is not { } expiry || now < expiry)
        // Guests make no links, so their maker is a member of the server.
        && (room with { Archived = false }).Refuse(Permission.Invite, new Actor(CreatedBy, ServerRole.Member), now)
            is null;

    public static InviteLink Evolve(InviteLink? link, InviteLinkEvent @event) => @event switch
    {
        InviteLinkCreated e => new InviteLink(e.LinkId, e.RoomId, e.CreatedBy, e.MaxUses, e.ExpiresAt),
        InviteLinkUsed => Existing(link) with { Uses = Existing(link).Uses + 1 },
        InviteLinkRevoked => Existing(link) with { Revoked = true },
        _ => throw new InvalidOperationException($"InviteLink does not know {@event.GetType().Name}."),
    };

    public static IReadOnlyList<string> TagsOf(InviteLinkEvent @event) => @event switch
    {
        InviteLinkCreated => [],
        InviteLinkUsed => [UsesTag],
        InviteLinkRevoked => [RevokedTag],
        _ => throw new InvalidOperationException($"InviteLink does not know {@event.GetType().Name}."),
    };

    /// <summary>How a code is stored and found: SHA-256 in hex; random codes need no slow hash.</summary>
    public static string HashOf(string code) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    private static InviteLink Existing(InviteLink? link) =>
        link ?? throw new InvalidOperationException("A link's first event must create it.");
}
