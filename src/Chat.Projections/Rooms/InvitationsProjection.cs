using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Projections.Rooms;

internal static class InvitationsProjection
{
    private sealed record Invited(Guid By, DateTimeOffset At);

    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var invitations = new RoomRows<Invited>(
            "invitations", "account_id",
            new("invited_by", rows => rows.Select(row => row.By).ToArray()),
            new("invited_at", rows => rows.Select(row => row.At.UtcDateTime).ToArray()));
        foreach (var stored in events)
        {
            switch (stored.Data)
            {
                case MemberInvited e:
                    invitations[stored.StreamId, e.MemberId] = new Invited(e.InvitedBy, stored.Timestamp);
                    break;
                case MemberJoined e:
                    invitations[stored.StreamId, e.MemberId] = null;
                    break;
                case InvitationDeclined e:
                    invitations[stored.StreamId, e.MemberId] = null;
                    break;
                case RoomEvent e when MembersProjection.WhoIsOut(e) is { } gone:
                    invitations[stored.StreamId, gone] = null;
                    break;
            }
        }

        invitations.Enqueue(transaction);
    }
}
