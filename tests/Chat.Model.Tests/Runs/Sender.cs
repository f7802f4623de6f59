using System.Text.Json;
using Chat.Model.Rules;

namespace Chat.Model.Runs;

/// <summary>What the server answered to a command.</summary>
internal sealed record Reply(string? Refusal, long? Position, Guid? Id, string? Code, JsonElement Payload);

/// <summary>A command as it is sent: document and input.</summary>
internal sealed record Request(string Document, object Variables, string Mutation);

/// <summary>Speaks the model's commands in the words of the contract.</summary>
internal static class Sender
{
    private const string Room = "room { id } position";
    private const string Message = "message { id position } position";
    private const string Membership = "membership { lastReadPosition unreadCount mentionCount notify }";

    public static Request Requested(World world, Command command, Guid commandId, DateTimeOffset now)
    {
        if (command.Name == "eraseAccount")
        {
            return new Request(
                """
                mutation($input: EraseAccountInput!) { eraseAccount(input: $input) { ok errors { code } } }
                """,
                new { input = new { password = Client.Password } }, command.Name);
        }

        if (command.Name == "acceptInviteLink")
        {
            return new Request(
                $$"""
                mutation($code: String!, $commandId: UUID) { acceptInviteLink(code: $code, commandId: $commandId) {
                  {{Room}} errors { code field retryAfterMs } } }
                """,
                new { code = world.Links[command.Link].Code, commandId }, command.Name);
        }

        var input = InputOf(world, command, now);
        if (command.Name is not ("markRead" or "setNotifyLevel"))
            input["commandId"] = commandId;
        var type = char.ToUpperInvariant(command.Name[0]) + command.Name[1..] + "Input";
        return new Request(
            $$"""
            mutation($input: {{type}}!) { {{command.Name}}(input: $input) {
              {{SelectionOf(command.Name)}} errors { code field retryAfterMs } } }
            """,
            new { input }, command.Name);
    }

    public static async Task<Reply> SendAsync(Client client, int node, Request request)
    {
        var data = await client.DataAsync(node, request.Document, request.Variables);
        var payload = data.GetProperty(request.Mutation);
        var errors = payload.GetProperty("errors");
        return new Reply(
            errors.GetArrayLength() > 0 ? errors[0].GetProperty("code").GetString() : null,
            payload.TryGetProperty("position", out var position) && position.ValueKind == JsonValueKind.Number
                ? position.GetInt64()
                : null,
            IdIn(payload),
            payload.TryGetProperty("code", out var code) ? code.GetString() : null,
            payload);
    }

    private static Guid? IdIn(JsonElement payload)
    {
        foreach (var name in new[] { "room", "message" })
        {
            if (payload.TryGetProperty(name, out var entity) && entity.ValueKind == JsonValueKind.Object)
                return entity.GetProperty("id").GetGuid();
        }

        return null;
    }

    private static string SelectionOf(string mutation) => mutation switch
    {
        "createInviteLink" => "code url",
        "revokeInviteLink" or "reportMessage" => "ok",
        "markRead" or "setNotifyLevel" => Membership,
        "postMessage" or "editMessage" or "deleteMessage" or "addReaction" or "removeReaction" or "pinMessage"
            or "unpinMessage" => Message,
        _ => Room,
    };

    private static Dictionary<string, object?> InputOf(World world, Command command, DateTimeOffset now)
    {
        var room = command.Name is "createRoom" or "openDirect" ? null : world.Rooms[command.Room];
        Guid? Id(long? position) => position is { } one ? IdOf(room!, one) : null;
        Dictionary<string, object?> InRoom(params (string Name, object? Value)[] more)
        {
            var input = more.ToDictionary(pair => pair.Name, pair => pair.Value);
            input["roomId"] = room!.Id;
            return input;
        }

        Dictionary<string, object?> OnMessage(params (string Name, object? Value)[] more)
        {
            var input = more.ToDictionary(pair => pair.Name, pair => pair.Value);
            input["messageId"] = IdOf(room!, command.Message);
            return input;
        }

        var other = ("userId", (object?)world.People[command.Other].Id);
        var reason = ("reason", (object?)(command.Text.Length == 0 ? null : command.Text));
        return command.Name switch
        {
            "createRoom" => new()
            {
                ["name"] = command.NewName,
                ["topic"] = command.Topic,
                ["visibility"] = command.MakePublic == true ? "PUBLIC" : "PRIVATE",
                ["encrypted"] = command.Flag,
            },
            "openDirect" => new() { ["userId"] = world.People[command.Other].Id, ["encrypted"] = command.Flag },
            "joinRoom" or "leaveRoom" => InRoom(),
            "inviteMember" or "unbanMember" => InRoom(other),
            "kickMember" or "banMember" => InRoom(other, reason),
            "muteMember" => InRoom(other, reason, ("seconds", command.Seconds)),
            "setMemberRole" => InRoom(other, ("role", command.Role.ToString().ToUpperInvariant())),
            "updateRoom" => InRoom(
                ("name", command.NewName), ("topic", command.Topic),
                ("visibility", command.MakePublic is { } isPublic ? isPublic ? "PUBLIC" : "PRIVATE" : null),
                ("settings", command.Settings.Count == 0 ? null : command.Settings)),
            "archiveRoom" => InRoom(("archived", command.Flag)),
            "createInviteLink" => InRoom(
                ("maxUses", command.Uses),
                ("expiresAt", command.Seconds == 0 ? null : now.AddSeconds(command.Seconds))),
            "revokeInviteLink" => InRoom(("code", world.Links[command.Link].Code)),
            "postMessage" => InRoom(
                ("text", command.Text), ("replyToId", Id(command.ReplyTo)), ("threadRootId", Id(command.ThreadRoot)),
                ("mentionIds", Mentions(world, command)), ("mentionsRoom", command.MentionsRoom)),
            "editMessage" => OnMessage(("text", command.Text), ("mentionIds", Mentions(world, command))),
            "deleteMessage" => OnMessage(),
            "reportMessage" => OnMessage(("reason", command.Text)),
            "addReaction" or "removeReaction" => OnMessage(("emoji", command.Text)),
            "pinMessage" or "unpinMessage" => OnMessage(),
            "markRead" => InRoom(("position", command.Message)),
            "setNotifyLevel" => InRoom(("level", command.Text)),
            var name => throw new InvalidOperationException($"Nobody knows how to send {name}."),
        };
    }

    // A position without a message has no id either: something that nobody has.
    private static Guid IdOf(Room room, long position) =>
        room.MessageIds.TryGetValue(position, out var id) ? id : Guid.NewGuid();

    private static Guid[]? Mentions(World world, Command command) =>
        command.Mentions?.Select(one => world.People[one].Id).ToArray();
}
