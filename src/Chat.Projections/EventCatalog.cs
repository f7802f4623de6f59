using Chat.Domain.Accounts;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Projections;

/// <summary>
/// The events of the log and the names under which they are stored for ever. Additions only; nothing here is renamed.
/// </summary>
public static class EventCatalog
{
    public static EventTypes MapChatEvents(this EventTypes types) => types
        .Map<AccountRegistered>("account_registered")
        .Map<GuestEntered>("guest_entered")
        .Map<RoomCreated>("room_created")
        .Map<MemberJoined>("member_joined")
        .Map<MemberLeft>("member_left")
        .Map<RoomArchived>("room_archived")
        .Map<MessagePosted>("message_posted");
}
