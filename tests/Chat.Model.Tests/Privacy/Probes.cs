namespace Chat.Model.Privacy;

/// <summary>How each field is asked about a scene.</summary>
internal static class Probes
{
    private const string RoomSelection =
        "room { id name viewerMembership { role } members { totalCount } messages { nodes { text } } } position";

    private const string MessageSelection = "message { id text } position";

    public static (string Document, object Variables) Of(string field, Scene scene, Cast cast)
    {
        var (room, message) = (scene.RoomId, scene.MessageId);
        var (target, outsider) = (cast["target"].Id, cast["outsider"].Id);
        return field switch
        {
            "Query.room" => ("query($id: UUID!) { room(id: $id) { id name topic memberCount } }", new { id = room }),
            "Query.message" => ("query($id: UUID!) { message(id: $id) { id text } }", new { id = message }),
            "Query.thread" => (
                "query($id: UUID!) { thread(rootId: $id) { nodes { id } pageInfo { hasNextPage } } }",
                new { id = message }),
            "Query.reports" => (
                "query($id: UUID!) { reports(roomId: $id) { nodes { reason message { text } } } }", new { id = room }),
            "Query.rooms" => ("{ rooms(first: 100) { nodes { id } } }", new { }),
            "Query.viewer" => ("{ viewer { memberships { room { id } } } }", new { }),
            "Subscription.events" => ("subscription { events { event { ... on MessagePosted { roomId } } } }", new { }),
            "Mutation.acceptInviteLink" => (
                $$"""
                mutation($code: String!) { acceptInviteLink(code: $code) { {{RoomSelection}} errors { code field } } }
                """,
                new { code = scene.LinkCode }),
            "Mutation.updateRoom" => Input(field, RoomSelection, new { roomId = room, topic = "new" }),
            "Mutation.archiveRoom" => Input(field, RoomSelection, new { roomId = room, archived = true }),
            "Mutation.joinRoom" or "Mutation.leaveRoom" => Input(field, RoomSelection, new { roomId = room }),
            "Mutation.inviteMember" => Input(field, RoomSelection, new { roomId = room, userId = outsider }),
            "Mutation.createInviteLink" => Input(field, "code", new { roomId = room }),
            "Mutation.revokeInviteLink" => Input(field, "ok", new { roomId = room, code = scene.LinkCode }),
            "Mutation.setMemberRole" => Input(
                field, RoomSelection, new { roomId = room, userId = target, role = "MODERATOR" }),
            "Mutation.kickMember" or "Mutation.banMember" => Input(
                field, RoomSelection, new { roomId = room, userId = target }),
            "Mutation.unbanMember" => Input(field, RoomSelection, new { roomId = room, userId = cast["banned"].Id }),
            "Mutation.muteMember" => Input(
                field, RoomSelection, new { roomId = room, userId = target, seconds = 60 }),
            "Mutation.postMessage" => Input(field, MessageSelection, new { roomId = room, text = "hello" }),
            "Mutation.editMessage" => Input(field, MessageSelection, new { messageId = message, text = "new" }),
            "Mutation.deleteMessage" or "Mutation.pinMessage" or "Mutation.unpinMessage" => Input(
                field, MessageSelection, new { messageId = message }),
            "Mutation.addReaction" or "Mutation.removeReaction" => Input(
                field, MessageSelection, new { messageId = message, emoji = "👍" }),
            "Mutation.reportMessage" => Input(field, "ok", new { messageId = message, reason = "look" }),
            "Mutation.markRead" => Input(field, "membership { room { id } }", new { roomId = room, position = 1 }),
            "Mutation.setNotifyLevel" => Input(
                field, "membership { room { id } }", new { roomId = room, level = "NOTHING" }),
            "Mutation.setTyping" => Input(field, "ok", new { roomId = room, typing = true }),
            "Subscription.roomEvents" => (
                "subscription($id: UUID!) { roomEvents(roomId: $id) { roomId position } }", new { id = room }),
            "Subscription.typing" => ("subscription($id: UUID!) { typing(roomId: $id) { typing } }", new { id = room }),
            "Subscription.presence" => (
                "subscription($id: UUID!) { presence(roomId: $id) { presence } }", new { id = room }),
            _ => throw new InvalidOperationException($"{field} has a row, but nobody knows how to ask for it."),
        };
    }

    private static (string, object) Input(string field, string selection, object input)
    {
        var mutation = field["Mutation.".Length..];
        var type = char.ToUpperInvariant(mutation[0]) + mutation[1..] + "Input";
        return (
            $$"""
            mutation($input: {{type}}!) { {{mutation}}(input: $input) { {{selection}} errors { code field message } } }
            """,
            new { input });
    }
}
