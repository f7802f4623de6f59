using Chat.Domain.Rooms;

namespace Chat.Api.Rooms;

public sealed record CreateRoomInput(
    Guid? CommandId, string Name, string? Topic, RoomVisibility Visibility = RoomVisibility.Public,
    bool Encrypted = false);

public sealed record OpenDirectInput(Guid? CommandId, Guid UserId, bool Encrypted = false);

public sealed record UpdateRoomInput(
    Guid? CommandId, Guid RoomId, string? Name, string? Topic, RoomVisibility? Visibility, RoomSettingsInput? Settings);

public sealed record RoomSettingsInput(
    int? SlowModeSeconds, bool? MembersCanInvite, bool? MembersCanPin, bool? GuestsCanPost, bool? HistoryForNewMembers,
    int? RetentionDays)
{
    public RoomSettingsChange ToChange() => new(
        SlowModeSeconds, MembersCanInvite, MembersCanPin, GuestsCanPost, HistoryForNewMembers, RetentionDays);
}

public sealed record ArchiveRoomInput(Guid? CommandId, Guid RoomId, bool Archived = true);

public sealed record JoinRoomInput(Guid? CommandId, Guid RoomId);

public sealed record LeaveRoomInput(Guid? CommandId, Guid RoomId);

public sealed record InviteMemberInput(Guid? CommandId, Guid RoomId, Guid UserId);

public sealed record CreateInviteLinkInput(Guid? CommandId, Guid RoomId, int? MaxUses, DateTimeOffset? ExpiresAt);

public sealed record RevokeInviteLinkInput(Guid? CommandId, Guid RoomId, string Code);

public sealed record SetMemberRoleInput(Guid? CommandId, Guid RoomId, Guid UserId, RoomRole Role);

public sealed record KickMemberInput(Guid? CommandId, Guid RoomId, Guid UserId, string? Reason);

public sealed record BanMemberInput(Guid? CommandId, Guid RoomId, Guid UserId, string? Reason);

public sealed record UnbanMemberInput(Guid? CommandId, Guid RoomId, Guid UserId);

public sealed record MuteMemberInput(Guid? CommandId, Guid RoomId, Guid UserId, int Seconds, string? Reason);
