using Chat.Model.Rules;

namespace Chat.Model.Runs;

/// <summary>Random commands: most of them may succeed, many may not.</summary>
internal sealed class Generator(Random random, int nodes, string name)
{
    private static readonly string[] Emoji = ["👍", "🎉", "❤️", "👩‍🚀", "🇺🇦", "1️⃣"];
    private static readonly string[] Levels = ["ALL", "MENTIONS", "NOTHING"];
    private static readonly int[] MuteSeconds = [0, 30, 600, 86_400];
    private static readonly int[] RetentionDays = [0, 0, 1, 3];

    private static readonly (string Name, int Weight)[] Weights =
    [
        ("postMessage", 300), ("editMessage", 60), ("deleteMessage", 40), ("addReaction", 90), ("removeReaction", 30),
        ("pinMessage", 30), ("unpinMessage", 15), ("reportMessage", 10), ("markRead", 70), ("setNotifyLevel", 10),
        ("joinRoom", 90), ("leaveRoom", 25), ("inviteMember", 40), ("kickMember", 25), ("banMember", 12),
        ("unbanMember", 25), ("muteMember", 25), ("setMemberRole", 40), ("updateRoom", 30), ("archiveRoom", 12),
        ("createInviteLink", 10), ("revokeInviteLink", 5), ("acceptInviteLink", 20), ("createRoom", 4),
        ("openDirect", 4), ("eraseAccount", 1),
    ];

    private const int RoomsMin = 5;
    private const int RoomsMax = 7;
    private const int CrowdMin = 5;

    private static readonly int Total = Weights.Sum(one => one.Weight);

    private int _texts;

    public static IEnumerable<string> Kinds => Weights.Select(one => one.Name);

    public Command Next(World world)
    {
        // Rooms end when the last one leaves: others begin.
        var alive = world.Rooms.Where(room => room.Members.Count > 0).ToList();
        if (alive.Count < RoomsMin)
        {
            var by = Pick([.. world.Present.Where(person => !person.IsGuest)]).Index;
            return CreateRoom(world, new Command("createRoom", by) { Node = random.Next(nodes) });
        }

        return Make(world, Kind(), Chance(97) ? Pick(alive).Index : random.Next(world.Rooms.Count));
    }

    /// <summary>One of several at once in the same room.</summary>
    public Command NextIn(World world, int room)
    {
        string kind;
        do
            kind = Kind();
        while (kind is "createRoom" or "openDirect" or "createInviteLink" or "revokeInviteLink" or "markRead"
            or "setNotifyLevel" or "reportMessage" or "acceptInviteLink" or "eraseAccount");
        return Make(world, kind, room);
    }

    private string Kind()
    {
        var at = random.Next(Total);
        foreach (var (kind, weight) in Weights)
        {
            at -= weight;
            if (at < 0)
                return kind;
        }

        throw new InvalidOperationException("The weights do not add up.");
    }

    private Command Make(World world, string kind, int roomIndex)
    {
        var room = world.Rooms[roomIndex];
        // Where few are left, more come than go.
        if (room.Members.Count < CrowdMin && kind is "leaveRoom" or "kickMember" or "banMember" && !Chance(15))
            kind = room.IsPublic || Chance(30) ? "joinRoom" : "inviteMember";
        if (room.IsArchived && Chance(30))
            kind = "archiveRoom";
        var command = new Command(kind, Actor(world, room, kind))
        {
            Room = roomIndex,
            Other = Other(world, room, kind),
            Node = random.Next(nodes),
        };
        return kind switch
        {
            "createRoom" => CreateRoom(world, command),
            "openDirect" => OpenDirect(world, command),
            "postMessage" => Post(world, room, command),
            "editMessage" => Edit(world, room, command),
            "deleteMessage" or "pinMessage" => command with { Message = Message(room) },
            "unpinMessage" => command with
            {
                Message = room.Pins.Count > 0 && Chance(80) ? Pick(room.Pins) : Message(room),
            },
            "addReaction" => command with { Message = Message(room), Text = Pick(Emoji) },
            "removeReaction" => Unreact(world, room, command),
            "reportMessage" => command with { Message = Message(room), Text = "look at this" },
            "markRead" => command with
            {
                Message = Chance(5) ? room.Position + 1 : random.NextInt64(room.Position + 1),
            },
            "setNotifyLevel" => command with { Text = Pick(Levels) },
            "kickMember" or "banMember" => command with { Text = Chance(50) ? "" : $"reason {_texts++}" },
            "muteMember" => command with { Seconds = Pick(MuteSeconds), Text = Chance(50) ? "" : "calm down" },
            "setMemberRole" => command with { Role = Chance(10) ? Role.Owner : (Role)random.Next(1, 4) },
            "updateRoom" => Update(room, command),
            "archiveRoom" => command with { Flag = !room.IsArchived && Chance(40) || Chance(10) },
            "createInviteLink" => command with
            {
                Uses = Chance(50) ? null : random.Next(1, 3),
                Seconds = Chance(50) ? 0 : 3_600,
            },
            "revokeInviteLink" or "acceptInviteLink" => world.Links.Count == 0
                ? command with { Name = "joinRoom" }
                : OnLink(world, command),
            _ => command,
        };
    }

    // Whoever may do it more often than those who may not.
    private int Actor(World world, Room room, string kind)
    {
        if (kind == "joinRoom" && room.Invited.Count > 0 && Chance(60))
            return Pick([.. room.Invited.Keys]);
        if (kind is "joinRoom" or "acceptInviteLink" or "createRoom" or "openDirect" or "eraseAccount"
            || room.Members.Count == 0 || Chance(12))
            return Anybody(world);
        var ranked = room.Members.OrderBy(one => one.Value.Role).Select(one => one.Key).ToList();
        // Of those who may do all, each room has one.
        if (kind is "archiveRoom" && Chance(70))
            return ranked[0];
        var isGovernance = kind is "setMemberRole" or "updateRoom" or "archiveRoom" or "kickMember" or "banMember"
            or "unbanMember" or "muteMember" or "pinMessage";
        return isGovernance && Chance(60) ? ranked[random.Next(Math.Min(3, ranked.Count))] : Pick(ranked);
    }

    private int Other(World world, Room room, string kind)
    {
        if (kind == "unbanMember" && room.Banned.Count > 0 && Chance(85))
            return Pick([.. room.Banned]);
        var outside = world.Present.Select(one => one.Index).Where(one => !room.Members.ContainsKey(one)).ToList();
        if (kind == "inviteMember" && outside.Count > 0 && Chance(80))
            return Pick(outside);
        return room.Members.Count > 0 && Chance(75) ? Pick([.. room.Members.Keys])
            : Chance(15) ? Pick(world.People).Index
            : Anybody(world);
    }

    private Command CreateRoom(World world, Command command)
    {
        // Where there are enough rooms, only what is refused goes on.
        var isEnough = world.Rooms.Count(room => room.Members.Count > 0) >= RoomsMax;
        if (isEnough && !world.People[command.By].IsGuest)
            return command with { NewName = $"{name} {_texts++}", MakePublic = true, Flag = true };
        var isPublic = Chance(50);
        return command with { NewName = $"{name} {_texts++}", MakePublic = isPublic, Flag = Chance(20) };
    }

    private Command OpenDirect(World world, Command command)
    {
        if (Chance(20))
            return command with { Other = command.By };
        if (Chance(20) && world.People.Find(person => person.IsErased) is { } erased)
            return command with { Other = erased.Index };
        var direct = world.Rooms.Find(room => room.IsDirect && room.Members.Count == 2);
        if (direct is null)
            return command with { Other = Anybody(world) };
        var pair = direct.Members.Keys.ToList();
        return command with { By = pair[0], Other = pair[1], Flag = direct.IsEncrypted };
    }

    private Command Post(World world, Room room, Command command) => command with
    {
        Text = Text(room),
        ReplyTo = Chance(15) ? Message(room) : null,
        ThreadRoot = Chance(15) ? Thread(room) : null,
        Mentions = Chance(80) ? null : Mentions(world, room),
        MentionsRoom = Chance(6),
    };

    private Command Edit(World world, Room room, Command command)
    {
        var position = Message(room, command.By);
        // Of what is deleted or erased there is no text.
        var same = Chance(10) ? room.Messages.GetValueOrDefault(position)?.Text : null;
        return command with
        {
            Message = position,
            Text = string.IsNullOrEmpty(same) ? Text(room) : same,
            Mentions = Chance(60) ? null : Mentions(world, room),
        };
    }

    private Command Unreact(World world, Room room, Command command)
    {
        var reacted = room.Messages.Values.Where(one => one.Reactions.Count > 0).ToList();
        if (reacted.Count == 0 || Chance(20))
            return command with { Message = Message(room), Text = Pick(Emoji) };
        var message = Pick(reacted);
        var (emoji, who) = Pick([.. message.Reactions]);
        // The reactions of who is erased stay, and nobody takes them back.
        var by = world.People[who].IsErased ? command.By : who;
        return command with { By = by, Message = message.Position, Text = emoji };
    }

    private Command Update(Room room, Command command) => random.Next(9) switch
    {
        0 => command with { NewName = $"{name} {_texts++}" },
        1 => command with { Topic = $"topic {_texts++}" },
        2 => command with { NewName = room.IsDirect ? "Two" : room.Name },
        3 => command with { MakePublic = room.IsDirect ? null : Chance(50) },
        4 => command with { Settings = One("slowModeSeconds", Chance(40) ? 20 : 0) },
        5 => command with { Settings = One("historyForNewMembers", Chance(50)) },
        6 => command with { Settings = One(Chance(50) ? "membersCanInvite" : "membersCanPin", Chance(50)) },
        7 => command with { Settings = One("retentionDays", Pick(RetentionDays)) },
        _ => command with { Settings = One("guestsCanPost", Chance(70)) },
    };

    private Command OnLink(World world, Command command)
    {
        var link = random.Next(world.Links.Count);
        return command with { Link = link, Room = Chance(90) ? world.Links[link].Room : command.Room };
    }

    private static Dictionary<string, object> One(string setting, object value) => new() { [setting] = value };

    private string Text(Room room)
    {
        var text = $"text {_texts++} é 👩‍🚀";
        return room.IsEncrypted && !Chance(5) ? Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)) : text;
    }

    private int[] Mentions(World world, Room room) =>
        [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ =>
            room.Members.Count > 0 && !Chance(8) ? Pick([.. room.Members.Keys]) : Anybody(world))];

    // Young ones more often than old ones; one in fifty is not there.
    private long Message(Room room, int? author = null)
    {
        if (room.Messages.Count == 0 || Chance(2))
            return room.MessageIds.Count > 0 && Chance(50) ? Pick([.. room.MessageIds.Keys]) : room.Position + 1_000;
        var all = room.Messages.Keys.Order().ToList();
        var own = author is null || Chance(20)
            ? all
            : all.Where(one => room.Messages[one].Author == author).ToList();
        var among = own.Count > 0 ? own : all;
        return Chance(70) ? among[^random.Next(1, Math.Min(12, among.Count) + 1)] : Pick(among);
    }

    private long Thread(Room room)
    {
        var roots = room.Messages.Values.Where(one => one.ThreadRoot is null).Select(one => one.Position).ToList();
        return roots.Count > 0 && !Chance(10) ? roots[^random.Next(1, Math.Min(5, roots.Count) + 1)] : Message(room);
    }

    private int Anybody(World world) => Pick(world.Present).Index;

    private T Pick<T>(IReadOnlyList<T> among) => among[random.Next(among.Count)];

    private bool Chance(int percent) => random.Next(100) < percent;
}
