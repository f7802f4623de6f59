using Chat.Domain.Accounts;
using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Api.Realtime;

/// <summary>What an event of the log says of a person's place in a room, or of a person.</summary>
internal static class ViewerConcern
{
    /// <summary>Who is in the room from this event on.</summary>
    public static Guid? Entrant(StoredEvent stored) => stored.DataOrNull() switch
    {
        RoomCreated e => e.CreatedBy,
        MemberJoined e => e.MemberId,
        _ => null,
    };

    /// <summary>Who is invited from this event on.</summary>
    public static Guid? Invitee(StoredEvent stored) => stored.DataOrNull() is MemberInvited e ? e.MemberId : null;

    /// <summary>Who is neither in the room nor invited after this event.</summary>
    public static Guid? Leaver(StoredEvent stored) =>
        stored.DataOrNull() is InvitationDeclined e ? e.MemberId : Departure.Of(stored);

    /// <summary>Whom the event is about, where that bears on what they see.</summary>
    public static Guid? Subject(StoredEvent stored) =>
        Changed(stored) ?? Entrant(stored) ?? Invitee(stored) ?? Leaver(stored);

    /// <summary>Whom others see differently after this event.</summary>
    public static Guid? Changed(StoredEvent stored) =>
        stored.DataOrNull() is ProfileUpdated or GuestUpgraded or AccountErased ? stored.StreamId : null;
}
