using System.Text.Json;
using Chat.Model.Rules;

namespace Chat.Model.Runs;

/// <summary>Asks for what <see cref="View"/> foretells, and brings it into the same form.</summary>
internal static class Queries
{
    public const string MessageFields =
        """
        fragment M on Message {
          id roomId position author { id displayName erasedAt } text sentAt editedAt deletedAt
          replyTo { id } threadRootId replyCount
          reactions { key: emoji count users(first: 10) { id } viewerReacted } mentions { key: id } mentionsRoom pinned
        }
        """;

    public const string RoomFields =
        """
        id kind name topic visibility encrypted archived createdAt position memberCount
        settings {
          slowModeSeconds membersCanInvite membersCanPin guestsCanPost historyForNewMembers retentionDays
        }
        """;

    private const string MembershipFields =
        "role lastReadPosition unreadCount mentionCount notify mutedUntil";

    private const string RoomDocument =
        $$"""
        query($id: UUID!, $after: Long!, $before: Long!) { room(id: $id) {
          {{RoomFields}}
          viewerMembership { {{MembershipFields}} }
          members(first: 100) { nodes { key: user { id } role joinedAt mutedUntil } totalCount }
          newest: messages(last: 100) { ...P }
          up: messages(first: 20, after: $after) { ...P }
          down: messages(last: 20, before: $before) { ...P }
          pinned { id }
          activity(first: 100) {
            __typename position at actor { id }
            ... on MemberChanged { user { id } change role mutedUntil reason }
            ... on MessagePosted { message { id } }
            ... on MessageEdited { message { id } }
            ... on MessageDeleted { messageId }
            ... on ReactionAdded { messageId emoji }
            ... on ReactionRemoved { messageId emoji }
            ... on MessagePinned { messageId }
            ... on MessageUnpinned { messageId }
            ... on HistoryExpired { throughPosition }
          }
        } }
        fragment P on MessageConnection { nodes { ...M } pageInfo { hasPreviousPage hasNextPage } }
        {{MessageFields}}
        """;

    private const string ViewerDocument =
        $$"""
        { viewer {
            memberships { room { key: id } {{MembershipFields}} }
            invitations { room { id name topic memberCount encrypted } invitedBy { id } at }
            unreadTotal mentionTotal
          }
          rooms(first: 100) { nodes { id } }
        }
        """;

    public static async Task<object?> RoomAsync(Client client, int node, Guid id, long after, long before)
    {
        var data = await client.DataAsync(node, RoomDocument, new { id, after, before });
        var room = data.GetProperty("room");
        if (room.ValueKind == JsonValueKind.Null)
            return null;
        var parts = room.EnumerateObject().ToDictionary(one => one.Name, one => (object?)one.Value);
        foreach (var page in new[] { "newest", "up", "down" })
            parts[page] = Page(room.GetProperty(page));
        parts["pinned"] = Ids(room.GetProperty("pinned"));
        parts["activity"] = Activity(room.GetProperty("activity"));
        return parts;
    }

    /// <summary>Rooms of others on the same server are left out.</summary>
    public static async Task<(object Viewer, IReadOnlyList<Guid> Listed)> ViewerAsync(
        Client client, int node, World world)
    {
        var ids = world.Rooms.Select(room => room.Id).ToHashSet();
        var data = await client.DataAsync(node, ViewerDocument);
        var viewer = data.GetProperty("viewer");
        return (
            new
            {
                Memberships = viewer.GetProperty("memberships").EnumerateArray().Select(one => new
                {
                    Room = one.GetProperty("room"),
                    Key = one.GetProperty("room").GetProperty("key"),
                    Membership = one.EnumerateObject().Where(field => field.Name != "room")
                        .ToDictionary(field => field.Name, field => field.Value),
                }),
                Invitations = viewer.GetProperty("invitations").EnumerateArray().Select(Invitation),
                UnreadTotal = viewer.GetProperty("unreadTotal"),
                MentionTotal = viewer.GetProperty("mentionTotal"),
            },
            [.. Ids(data.GetProperty("rooms").GetProperty("nodes"))!.Where(ids.Contains)]);
    }

    private static object Invitation(JsonElement invitation)
    {
        var room = invitation.GetProperty("room");
        return new
        {
            Key = room.GetProperty("id"),
            Name = room.GetProperty("name"),
            Topic = room.GetProperty("topic"),
            MemberCount = room.GetProperty("memberCount"),
            Encrypted = room.GetProperty("encrypted"),
            InvitedBy = Id(invitation.GetProperty("invitedBy")),
            At = invitation.GetProperty("at"),
        };
    }

    public static object? Page(JsonElement page)
    {
        if (page.ValueKind == JsonValueKind.Null)
            return null;
        var nodes = page.GetProperty("nodes");
        return new
        {
            Nodes = nodes.EnumerateArray().Select(Message),
            PageInfo = nodes.GetArrayLength() == 0 ? (JsonElement?)null : page.GetProperty("pageInfo"),
        };
    }

    private static Dictionary<string, object?> Message(JsonElement message)
    {
        var fields = message.EnumerateObject().ToDictionary(one => one.Name, one => (object?)one.Value);
        var author = message.GetProperty("author");
        fields["author"] = new { Id = Id(author), DisplayName = author.GetProperty("displayName") };
        fields["replyTo"] = IdOrNull(message.GetProperty("replyTo"));
        fields["mentions"] = message.GetProperty("mentions").EnumerateArray()
            .Select(one => new { Key = new { Id = one.GetProperty("key") } });
        fields["reactions"] = message.GetProperty("reactions").EnumerateArray().Select(group => new
        {
            Key = group.GetProperty("key"),
            Count = group.GetProperty("count"),
            Users = Ids(group.GetProperty("users")),
            ViewerReacted = group.GetProperty("viewerReacted"),
        });
        return fields;
    }

    private static IEnumerable<object>? Activity(JsonElement activity) => activity.ValueKind == JsonValueKind.Null
        ? null
        : activity.EnumerateArray().Select(one => (object)new
        {
            Type = one.GetProperty("__typename"),
            Position = one.GetProperty("position"),
            At = one.GetProperty("at"),
            Actor = IdOrNull(one.GetProperty("actor")),
            Who = one.TryGetProperty("user", out var user) ? Id(user) : (Guid?)null,
            Change = Field(one, "change"),
            Role = Field(one, "role"),
            MutedUntil = Field(one, "mutedUntil"),
            Reason = Field(one, "reason"),
            Message = one.TryGetProperty("message", out var message) ? Id(message) : GuidIn(one, "messageId"),
            Emoji = Field(one, "emoji"),
            Through = Field(one, "throughPosition"),
        });

    private static JsonElement? Field(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value : null;

    private static Guid? GuidIn(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetGuid() : null;

    private static Guid Id(JsonElement element) => element.GetProperty("id").GetGuid();

    private static Guid? IdOrNull(JsonElement element) =>
        element.ValueKind == JsonValueKind.Null ? null : Id(element);

    private static IEnumerable<Guid>? Ids(JsonElement list) =>
        list.ValueKind == JsonValueKind.Null ? null : list.EnumerateArray().Select(Id);
}
