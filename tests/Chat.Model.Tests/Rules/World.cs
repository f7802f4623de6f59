namespace Chat.Model.Rules;

/// <summary>Ten people and their rooms, under rules that are written here for the second time.</summary>
internal sealed class World(IEnumerable<Person> people)
{
    /// <summary>Also those who are erased: what they did is still there.</summary>
    public List<Person> People { get; private init; } = [.. people];

    public IReadOnlyList<Person> Present => People.FindAll(person => !person.IsErased);

    public List<Room> Rooms { get; private init; } = [];

    public List<Link> Links { get; private init; } = [];

    /// <summary>Up to where somebody has read a room; it stays when they leave.</summary>
    public Dictionary<(int Who, int Room), long> ReadMarkers { get; private init; } = [];

    public Dictionary<(int Who, int Room), string> NotifyLevels { get; private init; } = [];

    /// <summary>Who is who, and who is where: what one needs to understand a command that went wrong.</summary>
    public string Summary => string.Join('\n', [
        .. People.Select(person => $"{person.Index} {person.ServerRole}{(person.IsErased ? " erased" : "")}"),
        .. Rooms.Where(room => room.Members.Count > 0).Select(room => $"room {room.Index}: "
            + string.Join(", ", room.Members.Select(one => $"{one.Key} {one.Value.Role}"))
            + $"; invited {string.Join(' ', room.Invited.Keys)}; banned {string.Join(' ', room.Banned)}"),
    ]);

    /// <summary>Guests know of themselves and of those whom they share a room with, all others of everybody.</summary>
    public bool Knows(Person person, Person other) => !person.IsGuest || other.Index == person.Index
        || Rooms.Exists(room => room.Members.ContainsKey(person.Index) && room.Members.ContainsKey(other.Index));

    /// <summary>The same world, but for one room, which goes its own way.</summary>
    public World CopyWith(int room)
    {
        var copy = new World([])
        {
            People = People,
            Rooms = [.. Rooms],
            Links = [.. Links],
            ReadMarkers = new(ReadMarkers),
            NotifyLevels = new(NotifyLevels),
        };
        copy.Rooms[room] = Rooms[room].Copy();
        return copy;
    }

    public Answer Apply(Command command, DateTimeOffset now)
    {
        var by = People[command.By];
        if (command.Name is "createRoom")
            return CreateRoom(by, command, now);
        if (command.Name is "openDirect")
            return OpenDirect(by, command, now);
        if (command.Name is "acceptInviteLink")
            return AcceptLink(by, command, now);
        if (command.Name is "eraseAccount")
            return Erasure.Of(this, by, now);
        var room = Rooms[command.Room];
        return command.Name switch
        {
            "joinRoom" => MemberRules.Join(room, by, now),
            "leaveRoom" => MemberRules.Leave(room, by, now),
            "inviteMember" => MemberRules.Invite(
                room, by, People[command.Other], command.IsOtherKnown || Knows(by, People[command.Other]), now),
            "kickMember" => MemberRules.Kick(room, by, command.Other, Reason(command), now),
            "banMember" => MemberRules.Ban(room, by, command.Other, Reason(command), now),
            "unbanMember" => MemberRules.Unban(room, by, command.Other, now),
            "muteMember" => MemberRules.Mute(room, by, command.Other, command.Seconds, Reason(command), now),
            "setMemberRole" => MemberRules.SetRole(room, by, People[command.Other], command.Role, now),
            "updateRoom" => UpdateRoom(room, by, command, now),
            "archiveRoom" => ArchiveRoom(room, by, command.Flag, now),
            "createInviteLink" => CreateLink(room, by, command, now),
            "revokeInviteLink" => RevokeLink(room, by, command, now),
            "postMessage" => MessageRules.Post(room, by, command, now),
            "editMessage" => MessageRules.Edit(room, by, command, now),
            "deleteMessage" => MessageRules.Delete(room, by, command.Message, now),
            "addReaction" => MessageRules.React(room, by, command.Message, command.Text, now),
            "removeReaction" => MessageRules.Unreact(room, by, command.Message, command.Text, now),
            "pinMessage" => MessageRules.Pin(room, by, command.Message, now),
            "unpinMessage" => MessageRules.Unpin(room, by, command.Message, now),
            "reportMessage" => MessageRules.Report(room, by, command, now),
            "markRead" => MarkRead(room, by, command.Message),
            "setNotifyLevel" => SetNotifyLevel(room, by, command.Text),
            var other => throw new InvalidOperationException($"The model has no rule for {other}."),
        };
    }

    private static string? Reason(Command command) => command.Text.Length == 0 ? null : command.Text;

    private Answer CreateRoom(Person by, Command command, DateTimeOffset now)
    {
        if (by.IsGuest)
            return Answer.No("FORBIDDEN");
        var isPublic = command.MakePublic == true;
        if (isPublic && command.Flag)
            return Answer.No("ROOM_PUBLIC_ENCRYPTED");
        var room = new Room(Rooms.Count, command.NewName!, isPublic)
        {
            IsEncrypted = command.Flag,
            Topic = command.Topic ?? "",
            CreatedAt = now,
        };
        room.Members[by.Index] = new Membership(Role.Owner, now, 1, Floor: 0);
        Rooms.Add(room);
        return room.Happens(room.Next("RoomCreated", by.Index, now));
    }

    private Answer OpenDirect(Person by, Command command, DateTimeOffset now)
    {
        if (command.Other == by.Index)
            return Answer.No("DIRECT_WITH_ONESELF");
        if (People[command.Other].IsErased)
            return Answer.No("NOT_FOUND");
        var pair = new[] { by.Index, command.Other };
        var known = Rooms.FirstOrDefault(one =>
            one.IsDirect && one.IsEncrypted == command.Flag && pair.All(one.Members.ContainsKey));
        if (known is not null)
            return known.Nothing();
        if (by.IsGuest)
            return Answer.No("FORBIDDEN");
        var room = new Room(Rooms.Count, "", isPublic: false)
        {
            IsDirect = true,
            IsEncrypted = command.Flag,
            CreatedAt = now,
            Settings = new Settings { MembersCanInvite = false, MembersCanPin = true },
        };
        Rooms.Add(room);
        room.Members[by.Index] = new Membership(Role.Member, now, 1, Floor: 0);
        room.Happens(room.Next("RoomCreated", by.Index, now));
        room.Members[command.Other] = new Membership(Role.Member, now, 2, Floor: 0);
        return room.Happens(room.Next("MemberChanged", by.Index, now) with
        {
            Change = "JOINED",
            Who = command.Other,
            Role = Role.Member,
        });
    }

    private static Answer UpdateRoom(Room room, Person by, Command command, DateTimeOffset now)
    {
        if (room.Refuse("change", by, now) is { } refusal)
            return Answer.No(refusal);
        if (room.IsEncrypted && command.MakePublic == true)
            return Answer.No("ROOM_PUBLIC_ENCRYPTED");
        var settings = Changed(room.Settings, command.Settings);
        if ((command.NewName ?? room.Name) == room.Name && (command.Topic ?? room.Topic) == room.Topic
            && (command.MakePublic ?? room.IsPublic) == room.IsPublic && settings == room.Settings)
            return room.Nothing();
        if (settings.SlowModeSeconds == 0)
            room.SlowPosts.Clear();
        room.Name = command.NewName ?? room.Name;
        room.Topic = command.Topic ?? room.Topic;
        room.IsPublic = command.MakePublic ?? room.IsPublic;
        room.Settings = settings;
        return room.Happens(room.Next("RoomUpdated", by.Index, now));
    }

    private static Settings Changed(Settings settings, IReadOnlyDictionary<string, object> changes)
    {
        foreach (var (name, value) in changes)
        {
            settings = name switch
            {
                "slowModeSeconds" => settings with { SlowModeSeconds = (int)value },
                "membersCanInvite" => settings with { MembersCanInvite = (bool)value },
                "membersCanPin" => settings with { MembersCanPin = (bool)value },
                "guestsCanPost" => settings with { GuestsCanPost = (bool)value },
                "historyForNewMembers" => settings with { HistoryForNewMembers = (bool)value },
                "retentionDays" => settings with { RetentionDays = value is 0 ? null : (int)value },
                _ => throw new InvalidOperationException($"The model has no setting {name}."),
            };
        }

        return settings;
    }

    private static Answer ArchiveRoom(Room room, Person by, bool archived, DateTimeOffset now)
    {
        if (room.Refuse("change", by, now, alsoArchived: true) is { } refusal)
            return Answer.No(refusal);
        if (room.IsArchived == archived)
            return room.Nothing();
        room.IsArchived = archived;
        return room.Happens(room.Next("RoomUpdated", by.Index, now));
    }

    private Answer CreateLink(Room room, Person by, Command command, DateTimeOffset now)
    {
        if (room.Refuse("invite", by, now) is { } refusal)
            return Answer.No(refusal);
        DateTimeOffset? expires = command.Seconds == 0 ? null : now.AddSeconds(command.Seconds);
        if (Links.Count(link => link.Room == room.Index && IsOpen(link, now)) >= 100)
            return Answer.No("INVITE_LINKS_FULL");
        Links.Add(new Link("", room.Index, by.Index, command.Uses, expires));
        return room.Nothing();
    }

    private Answer AcceptLink(Person by, Command command, DateTimeOffset now)
    {
        var link = Links[command.Link];
        var room = Rooms[link.Room];
        if (room.Members.ContainsKey(by.Index))
            return room.Nothing();
        if (!IsOpen(link, now))
            return Answer.No("INVITE_LINK_INVALID");
        if (room.Banned.Contains(by.Index))
            return Answer.No("ROOM_BANNED");
        if (room.IsArchived)
            return Answer.No("ROOM_ARCHIVED");
        Links[command.Link] = link with { Uses = link.Uses + 1 };
        return MemberRules.Enter(room, by, now);
    }

    private Answer RevokeLink(Room room, Person by, Command command, DateTimeOffset now)
    {
        var link = Links[command.Link];
        var action = link.By == by.Index ? "read" : "moderate";
        if (room.Refuse(action, by, now, alsoArchived: true) is { } refusal)
            return Answer.No(refusal);
        if (link.Room != room.Index)
            return Answer.No("INVITE_LINK_INVALID");
        Links[command.Link] = link with { Revoked = true };
        return room.Nothing();
    }

    // A link holds as long as its maker may invite, also while the room is archived.
    private bool IsOpen(Link link, DateTimeOffset now)
    {
        var room = Rooms[link.Room];
        return !link.Revoked && (link.MaxUses is not { } max || link.Uses < max)
            && (link.ExpiresAt is not { } expiry || now < expiry)
            && room.Refuse("invite", People[link.By], now, alsoArchived: true) is null;
    }

    private Answer MarkRead(Room room, Person by, long position)
    {
        if (!room.Sees(by))
            return Answer.No("NOT_FOUND");
        if (!room.Members.ContainsKey(by.Index))
            return Answer.No(room.Banned.Contains(by.Index) ? "ROOM_BANNED" : "FORBIDDEN");
        if (position < 0 || position > room.Position)
            return Answer.No("INVALID_INPUT");
        var key = (by.Index, room.Index);
        ReadMarkers[key] = Math.Max(ReadMarkers.GetValueOrDefault(key), position);
        return room.Nothing();
    }

    private Answer SetNotifyLevel(Room room, Person by, string level)
    {
        if (!room.Sees(by))
            return Answer.No("NOT_FOUND");
        if (!room.Members.ContainsKey(by.Index))
            return Answer.No(room.Banned.Contains(by.Index) ? "ROOM_BANNED" : "FORBIDDEN");
        NotifyLevels[(by.Index, room.Index)] = level;
        return room.Nothing();
    }
}
