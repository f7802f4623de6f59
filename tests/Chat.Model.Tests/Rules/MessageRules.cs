namespace Chat.Model.Rules;

/// <summary>What people write, and what they do with what others wrote.</summary>
internal static class MessageRules
{
    private const int KindsMax = 20;
    private const int PinsMax = 50;
    private static readonly TimeSpan OwnWindow = TimeSpan.FromHours(24);

    public static Answer Post(Room room, Person person, Command command, DateTimeOffset now)
    {
        if (room.Refuse("post", person, now) is { } refusal)
            return Answer.No(refusal);
        if (room.IsEncrypted && !IsBase64(command.Text))
            return Answer.No("INVALID_INPUT");
        if (command.ReplyTo is { } reply && !room.ShowsMessage(reply, person))
            return Answer.No("NOT_FOUND");
        if (command.ThreadRoot is { } root && !room.ShowsMessage(root, person))
            return Answer.No("NOT_FOUND");
        if (command.ThreadRoot is { } nested && room.Messages[nested].ThreadRoot is not null)
            return Answer.No("MESSAGE_THREAD_NESTED");
        var mentions = command.Mentions ?? [];
        if (mentions.Any(one => !room.Members.ContainsKey(one)))
            return Answer.No("MESSAGE_MENTION_NOT_MEMBER");
        if (command.MentionsRoom && room.Refuse("mention", person, now) is not null)
            return Answer.No("FORBIDDEN");
        var isSlowed = room.Settings.SlowModeSeconds > 0 && room.Members[person.Index].Role == Role.Member;
        if (isSlowed && room.SlowPosts.TryGetValue(person.Index, out var last)
            && now < last.AddSeconds(room.Settings.SlowModeSeconds))
            return Answer.No("ROOM_SLOW_MODE");
        if (isSlowed)
            room.SlowPosts[person.Index] = now;
        var position = room.Position + 1;
        room.Messages[position] = new Message(position, person.Index, command.Text, now)
        {
            ReplyTo = command.ReplyTo,
            ThreadRoot = command.ThreadRoot,
            Mentions = [.. mentions.Distinct()],
            MentionsRoom = command.MentionsRoom,
        };
        return room.Happens(About("MessagePosted", room, person, now, position));
    }

    public static Answer Edit(Room room, Person person, Command command, DateTimeOffset now)
    {
        if (!room.ShowsMessage(command.Message, person))
            return Answer.No("NOT_FOUND");
        var message = room.Messages[command.Message];
        if (message.Author != person.Index)
            return Answer.No("MESSAGE_NOT_AUTHOR");
        if (room.Refuse("post", person, now) is { } refusal)
            return Answer.No(refusal);
        if (message.IsDeleted)
            return Answer.No("MESSAGE_DELETED");
        var mentions = command.Mentions ?? message.Mentions;
        if (command.Text == message.Text && mentions.ToHashSet().SetEquals(message.Mentions))
            return room.Nothing();
        if (now - message.SentAt > OwnWindow)
            return Answer.No("MESSAGE_TOO_OLD");
        if (room.IsEncrypted && !IsBase64(command.Text))
            return Answer.No("INVALID_INPUT");
        if (mentions.Except(message.Mentions).Any(one => !room.Members.ContainsKey(one)))
            return Answer.No("MESSAGE_MENTION_NOT_MEMBER");
        room.Messages[message.Position] =
            message with { Text = command.Text, Mentions = [.. mentions.Distinct()], EditedAt = now };
        return room.Happens(About("MessageEdited", room, person, now, message.Position));
    }

    public static Answer Delete(Room room, Person person, long position, DateTimeOffset now)
    {
        if (!room.ShowsMessage(position, person))
            return Answer.No("NOT_FOUND");
        var message = room.Messages[position];
        var isOwn = message.Author == person.Index;
        if (room.Refuse(isOwn ? "post" : "moderate", person, now) is { } refusal)
            return Answer.No(refusal);
        if (!isOwn && !room.IsAbove(person, message.Author))
            return Answer.No("ROOM_ROLE_NOT_LOWER");
        if (message.IsDeleted)
            return room.Nothing();
        if (isOwn && now - message.SentAt > OwnWindow)
            return Answer.No("MESSAGE_TOO_OLD");
        if (room.Pins.Remove(position))
            room.Happens(About("MessageUnpinned", room, person, now, position));
        room.Messages[position] = message with { Text = "", Mentions = [], Reactions = [], DeletedAt = now };
        return room.Happens(About("MessageDeleted", room, person, now, position));
    }

    public static Answer React(Room room, Person person, long position, string emoji, DateTimeOffset now)
    {
        if (!room.ShowsMessage(position, person))
            return Answer.No("NOT_FOUND");
        if (room.Refuse("post", person, now) is { } refusal)
            return Answer.No(refusal);
        var message = room.Messages[position];
        if (message.IsDeleted)
            return Answer.No("MESSAGE_DELETED");
        if (message.Reactions.Contains((emoji, person.Index)))
            return room.Nothing();
        var kinds = message.Reactions.Select(one => one.Emoji).Distinct().ToList();
        if (kinds.Count >= KindsMax && !kinds.Contains(emoji))
            return Answer.No("MESSAGE_REACTIONS_FULL");
        room.Messages[position] = message with { Reactions = [.. message.Reactions, (emoji, person.Index)] };
        return room.Happens(About("ReactionAdded", room, person, now, position) with { Emoji = emoji });
    }

    public static Answer Unreact(Room room, Person person, long position, string emoji, DateTimeOffset now)
    {
        if (!room.ShowsMessage(position, person))
            return Answer.No("NOT_FOUND");
        if (room.Refuse("post", person, now) is { } refusal)
            return Answer.No(refusal);
        var message = room.Messages[position];
        if (!message.Reactions.Contains((emoji, person.Index)))
            return room.Nothing();
        room.Messages[position] =
            message with { Reactions = [.. message.Reactions.Where(one => one != (emoji, person.Index))] };
        return room.Happens(About("ReactionRemoved", room, person, now, position) with { Emoji = emoji });
    }

    public static Answer Pin(Room room, Person person, long position, DateTimeOffset now)
    {
        if (!room.ShowsMessage(position, person))
            return Answer.No("NOT_FOUND");
        if (room.Refuse("pin", person, now) is { } refusal)
            return Answer.No(refusal);
        if (room.Messages[position].IsDeleted)
            return Answer.No("MESSAGE_DELETED");
        if (room.Pins.Contains(position))
            return room.Nothing();
        if (room.Pins.Count >= PinsMax)
            return Answer.No("ROOM_PINS_FULL");
        room.Pins.Add(position);
        return room.Happens(About("MessagePinned", room, person, now, position));
    }

    public static Answer Unpin(Room room, Person person, long position, DateTimeOffset now)
    {
        if (!room.ShowsMessage(position, person))
            return Answer.No("NOT_FOUND");
        if (room.Refuse("pin", person, now) is { } refusal)
            return Answer.No(refusal);
        return room.Pins.Remove(position)
            ? room.Happens(About("MessageUnpinned", room, person, now, position))
            : room.Nothing();
    }

    public static Answer Report(Room room, Person person, Command command, DateTimeOffset now)
    {
        var position = command.Message;
        if (!room.ShowsMessage(position, person))
            return Answer.No("NOT_FOUND");
        if (room.Reports.Exists(one => one.Message == position && one.By == person.Index))
            return room.Nothing();
        if (room.Messages[position].IsDeleted)
            return Answer.No("MESSAGE_DELETED");
        room.Reports.Add(new Report(position, person.Index, command.Text, now));
        return room.Nothing();
    }

    private static Happening About(string type, Room room, Person person, DateTimeOffset now, long message) =>
        room.Next(type, person.Index, now) with { Message = message };

    private static bool IsBase64(string text) =>
        Convert.TryFromBase64String(text, new byte[text.Length], out _) && !text.Any(char.IsWhiteSpace);
}
