using Chat.Domain.Accounts;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Log;

/// <summary>Each event of the domain: once with all it can say, and once with the least.</summary>
public static class Samples
{
    private static readonly Guid A = new("00000000-0000-4000-8000-00000000000a");
    private static readonly Guid B = new("00000000-0000-4000-8000-00000000000b");
    private static readonly DateTimeOffset At = new(2026, 11, 20, 14, 10, 0, 123, TimeSpan.Zero);
    private static readonly RoomSettings Settings = new(10, true, true, false, false, 30);

    public static readonly IReadOnlyList<object> All =
    [
        new AccountErased(A),
        new AccountRegistered(A, "a@b.c", "Alice", ServerRole.Owner),
        new BotCreated(A, "Robo", B),
        new BotRevoked(A, B),
        new EmailChanged(A, "a@b.c"),
        new EmailVerified(A),
        new GuestEntered(A, "Bob"),
        new GuestUpgraded(A, "a@b.c", "Bob", ServerRole.Member),
        new HistoryExpired(7),
        new InvitationDeclined(A),
        new InviteLinkCreated(A, B, A, "ba78", 5, At),
        new InviteLinkCreated(A, B, A, "ba78"),
        new InviteLinkRevoked(A),
        new InviteLinkUsed(A),
        new MemberBanned(A, B, "spam"),
        new MemberBanned(A, B),
        new MemberInvited(A, B),
        new MemberJoined(A, HistoryHidden: true),
        new MemberJoined(A, MutedUntil: At),
        new MemberJoined(A),
        new MemberKicked(A, B, "spam"),
        new MemberKicked(A, B),
        new MemberLeft(A),
        new MemberMuted(A, At, B, "caps"),
        new MemberMuted(A, At, B),
        new MemberRoleChanged(A, RoomRole.Moderator),
        new MemberUnbanned(A),
        new MemberUnmuted(A),
        new MessageDeleted(A, B, "spam"),
        new MessageDeleted(A, B),
        new MessageEdited(A, B, "hi", [A]),
        new MessageEdited(A, B, "hi"),
        new MessagePinned(A, 7),
        new MessagePosted(A, B, "hi", A, B, [A, B], MentionsRoom: true, Slowed: true),
        new MessagePosted(A, B, "hi"),
        new MessageReported(A, B, A, B, "rude"),
        new MessageUnpinned(A),
        new PasswordChanged(A, ByMail: true),
        new PasswordChanged(A),
        new ProfileUpdated(A, "Alice"),
        new ReactionAdded(A, B, "👍", NewKind: true),
        new ReactionAdded(A, B, "👍"),
        new ReactionRemoved(A, B, "👍"),
        new RoomArchived(),
        new RoomCreated(A, "Tea", "All", RoomKind.Direct, RoomVisibility.Private, true, B),
        new RoomReopened(),
        new RoomUpdated("Tea", "All", RoomVisibility.Private, Settings),
        new RoomUpdated(),
        new ServerRoleChanged(A, ServerRole.Admin, B),
    ];
}
