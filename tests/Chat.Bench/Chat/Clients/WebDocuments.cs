using System.Text.Json;

namespace Chat.Bench.Chat.Clients;

/// <summary>What the web client asks for, in one line each: what is measured is what people get.</summary>
internal static class WebDocuments
{
    public const string RoomEvents =
        "subscription RoomEvents($roomId: UUID!, $after: Long) { roomEvents(roomId: $roomId, after: $after) { "
        + "...RoomEventFields } } " + EventFields;

    /// <summary>All rooms at once, with the fields of <see cref="RoomEvents"/>.</summary>
    public const string Events =
        "subscription Events($after: Long) { events(after: $after) { cursor event { "
        + "... on RoomEvent { ...RoomEventFields } } } } " + EventFields;

    public const string PostMessage =
        "mutation PostMessage($input: PostMessageInput!) { postMessage(input: $input) { message { ...MessageBody } "
        + "position errors { ...Refusal } } } fragment Refusal on CommandError { code message field retryAfterMs } "
        + UserName + MessageBody;

    public const string OpenRoom =
        "query OpenRoom($id: UUID!) { room(id: $id) { ...RoomCard members(first: 50) { nodes { ...MemberRow } "
        + "pageInfo { hasNextPage endCursor } } messages(last: 50) { ...MessagePage } } } "
        + "fragment RoomCard on Room { id kind name topic visibility encrypted archived createdAt position memberCount "
        + "viewerMembership { role } } fragment MemberRow on Member { user { ...UserName } role joinedAt } "
        + "fragment MessagePage on MessageConnection { nodes { ...MessageBody } pageInfo { hasPreviousPage } } "
        + UserName + MessageBody;

    private const string EventFields =
        "fragment RoomEventFields on RoomEvent { __typename roomId position at actor { ...UserName } "
        + "... on RoomCreated { room { id name topic } } "
        + "... on MemberChanged { user { ...UserName } change role } "
        + "... on MessagePosted { message { ...MessageBody } } } " + UserName + MessageBody;

    private const string UserName = "fragment UserName on User { id displayName isGuest isBot } ";
    private const string MessageBody =
        "fragment MessageBody on Message { id position author { ...UserName } text sentAt } ";

    public static string Request(string query, object variables) => JsonSerializer.Serialize(new { query, variables });
}
