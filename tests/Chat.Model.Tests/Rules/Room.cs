namespace Chat.Model.Rules;

/// <summary>A room in plain collections, and the checks that all of its rules begin with.</summary>
internal sealed class Room(int index, string name, bool isPublic)
{
    public int Index { get; } = index;

    public Guid Id { get; set; }

    public bool IsDirect { get; init; }

    public bool IsEncrypted { get; init; }

    public string Name { get; set; } = name;

    public string Topic { get; set; } = "";

    public bool IsPublic { get; set; } = isPublic;

    public bool IsArchived { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public Settings Settings { get; set; } = new();

    public Dictionary<int, Membership> Members { get; private init; } = [];

    public Dictionary<int, Invitation> Invited { get; private init; } = [];

    public HashSet<int> Banned { get; private init; } = [];

    public Dictionary<int, DateTimeOffset> MutedUntil { get; private init; } = [];

    public Dictionary<int, DateTimeOffset> SlowPosts { get; private init; } = [];

    public Dictionary<long, Message> Messages { get; private init; } = [];

    /// <summary>The server gives them; commands need them. They stay when messages go.</summary>
    public Dictionary<long, Guid> MessageIds { get; private init; } = [];

    /// <summary>Positions of the pinned messages, in the order in which they were pinned.</summary>
    public List<long> Pins { get; private init; } = [];

    public List<Happening> Happenings { get; private init; } = [];

    public List<Report> Reports { get; private init; } = [];

    public long Position => Happenings.Count;

    public Room Copy() => new(Index, Name, IsPublic)
    {
        Id = Id,
        IsDirect = IsDirect,
        IsEncrypted = IsEncrypted,
        Topic = Topic,
        IsArchived = IsArchived,
        CreatedAt = CreatedAt,
        Settings = Settings,
        Members = new(Members),
        Invited = new(Invited),
        Banned = [.. Banned],
        MutedUntil = new(MutedUntil),
        SlowPosts = new(SlowPosts),
        Messages = new(Messages),
        MessageIds = new(MessageIds),
        Pins = [.. Pins],
        Happenings = [.. Happenings],
        Reports = [.. Reports],
    };

    public bool Sees(Person person) =>
        IsPublic || Members.ContainsKey(person.Index) || Invited.ContainsKey(person.Index);

    /// <summary>What the table says for somebody here; the server's administrators have a column more.</summary>
    public string Cell(string action, Person person)
    {
        var column = !Members.TryGetValue(person.Index, out var member) ? "stranger"
            : member.Role == Role.Member && person.IsGuest ? "guest"
            : member.Role.ToString().ToUpperInvariant();
        var own = Table.Cell(action, column);
        return own != "y" && Moderates(person) && Table.Cell(action, "serveradmin") == "y" ? "y" : own;
    }

    public bool Reads(Person person) => Sees(person) && Cell("read", person) == "y";

    /// <summary>The code of the refusal; null: allowed.</summary>
    public string? Refuse(string action, Person person, DateTimeOffset now, bool alsoArchived = false)
    {
        if (!Sees(person))
            return "NOT_FOUND";
        var cell = Cell(action, person);
        if (cell == "n")
            return Banned.Contains(person.Index) ? "ROOM_BANNED" : "FORBIDDEN";
        if (IsArchived && !alsoArchived)
            return "ROOM_ARCHIVED";
        return cell switch
        {
            "guests" when !Settings.GuestsCanPost => "ROOM_GUESTS_CANNOT_POST",
            "guests" or "mute" when IsMuted(person.Index, now) => "ROOM_MUTED",
            "pins" when !Settings.MembersCanPin => "ROOM_MEMBERS_CANNOT_PIN",
            "invites" when !Settings.MembersCanInvite => "ROOM_MEMBERS_CANNOT_INVITE",
            _ => null,
        };
    }

    public bool IsMuted(int person, DateTimeOffset now) => MutedUntil.TryGetValue(person, out var until) && until > now;

    /// <summary>Only to lower roles; who is not in the room is lower than all who are.</summary>
    public bool IsAbove(Person person, int other) =>
        person.Index != other && (Moderates(person) || Rank(person.Index) < Rank(other));

    public bool ShowsMessage(long position, Person person) =>
        Messages.ContainsKey(position) && Reads(person) && position > FloorOf(person.Index);

    public long FloorOf(int person) => Members.TryGetValue(person, out var member) ? member.Floor : 0;

    public Answer Nothing() => new(null, Position, Changed: false);

    public Happening Next(string type, int? actor, DateTimeOffset at) => new(Position + 1, type, actor, at);

    public Answer Happens(params ReadOnlySpan<Happening> happenings)
    {
        Happenings.AddRange(happenings);
        return new Answer(null, Position, Changed: true);
    }

    private bool Moderates(Person person) => IsPublic && person.ModeratesServer;

    private int Rank(int person) => Members.TryGetValue(person, out var member) ? (int)member.Role : 4;
}
