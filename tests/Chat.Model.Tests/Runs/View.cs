using Chat.Model.Rules;

namespace Chat.Model.Runs;

/// <summary>
/// What somebody is to see, by the model: the same words as <see cref="Queries"/> ask for. An alias "key" marks lists
/// whose order the contract leaves open.
/// </summary>
internal sealed class View(World world, DateTimeOffset now)
{
    public const int PageMax = 100;
    public const int SmallPage = 20;

    private List<Person> People => world.People;

    public object? Of(Room room, Person person, long after, long before)
    {
        if (!room.Sees(person))
            return null;
        var reads = room.Reads(person);
        return new
        {
            room.Id,
            Kind = room.IsDirect ? "DIRECT" : "GROUP",
            room.Name,
            room.Topic,
            Visibility = room.IsPublic ? "PUBLIC" : "PRIVATE",
            Encrypted = room.IsEncrypted,
            Archived = room.IsArchived,
            room.CreatedAt,
            room.Position,
            room.Settings,
            MemberCount = room.Members.Count,
            ViewerMembership = room.Members.ContainsKey(person.Index) ? MembershipOf(room, person) : null,
            Members = reads ? MembersOf(room) : null,
            Newest = reads ? Page(room, person, 0, long.MaxValue, PageMax, fromEnd: true) : null,
            Up = reads ? Page(room, person, after, long.MaxValue, SmallPage, fromEnd: false) : null,
            Down = reads ? Page(room, person, 0, before, SmallPage, fromEnd: true) : null,
            Pinned = reads ? Pinned(room, person) : null,
            Activity = room.Cell("activity", person) == "y" ? Activity(room, person) : null,
        };
    }

    public object Viewer(Person person)
    {
        var own = world.Rooms.Where(room => room.Members.ContainsKey(person.Index)).ToList();
        return new
        {
            Memberships = own.Select(room => new
            {
                Room = new { Key = room.Id },
                Key = room.Id,
                Membership = MembershipOf(room, person),
            }),
            Invitations = world.Rooms.Where(room => room.Invited.ContainsKey(person.Index)).Select(room => new
            {
                Key = room.Id,
                room.Name,
                room.Topic,
                MemberCount = room.Members.Count,
                Encrypted = room.IsEncrypted,
                InvitedBy = IdOf(room.Invited[person.Index].By),
                room.Invited[person.Index].At,
            }),
            UnreadTotal = own.Sum(room => Unread(room, person).Unread),
            MentionTotal = own.Sum(room => Unread(room, person).Mentions),
        };
    }

    /// <summary>A code, where the root is not shown.</summary>
    public object Thread(Room room, long root, Person person, int first, long? after) =>
        room.ShowsMessage(root, person)
            ? Page(room, person, after ?? 0, long.MaxValue, first, fromEnd: false, root)
            : "NOT_FOUND";

    /// <summary>Guests see themselves and whom they share a room with; who is erased is found by nobody.</summary>
    public object PeopleFor(Person person, Person other) => new
    {
        Found = world.Present.Where(one => world.Knows(person, one)).Select(one => new
        {
            Key = new { one.Id },
            DisplayName = one.Name,
            one.IsGuest,
            IsBot = false,
            ErasedAt = (DateTimeOffset?)null,
        }),
        One = world.Knows(person, other) ? new { other.Id, DisplayName = other.Name, other.ErasedAt } : null,
    };

    /// <summary>
    /// Those of a room are for who moderates it, all for the server's administrators; a code for others. What a report
    /// is about is shown to those who may read it.
    /// </summary>
    public object ReportsFor(Person person, Room? of)
    {
        var refusal = person.ModeratesServer ? null
            : of is null ? "FORBIDDEN"
            : of.Refuse("activity", person, now, alsoArchived: true);
        return refusal ?? (object)world.Rooms.Where(room => of is null || room == of).SelectMany(room =>
            room.Reports.Select(report => new
            {
                Key = $"{room.MessageIds[report.Message]} {IdOf(report.By)}",
                RoomId = room.Id,
                People[report.By].Name,
                report.Reason,
                report.At,
                Text = room.ShowsMessage(report.Message, person) ? room.Messages[report.Message].Text : null,
            }));
    }

    /// <summary>An archived room is found by those who are in it.</summary>
    public IEnumerable<Guid> Listed(Person person) => world.Rooms
        .Where(room => room.IsPublic && !room.IsArchived || room.Members.ContainsKey(person.Index))
        .Select(room => room.Id);

    /// <summary>Counted one by one: others' messages that are there, above what is read and above the floor.</summary>
    public (int Unread, int Mentions) Unread(Room room, Person person)
    {
        var member = room.Members[person.Index];
        var read = world.ReadMarkers.GetValueOrDefault((person.Index, room.Index));
        var unread = room.Messages.Values.Where(message =>
            message.Author != person.Index && !message.IsDeleted
            && message.Position > read && message.Position > member.Floor).ToList();
        return (unread.Count, unread.Count(message =>
            message.Position > member.JoinedPosition
            && (message.MentionsRoom || message.Mentions.Contains(person.Index))));
    }

    private object MembershipOf(Room room, Person person)
    {
        var (unread, mentions) = Unread(room, person);
        return new
        {
            Role = Name(room.Members[person.Index].Role),
            LastReadPosition = world.ReadMarkers.GetValueOrDefault((person.Index, room.Index)),
            UnreadCount = unread,
            MentionCount = mentions,
            Notify = world.NotifyLevels.GetValueOrDefault((person.Index, room.Index), "ALL"),
            MutedUntil = MuteOf(room, person.Index),
        };
    }

    private object MembersOf(Room room) => new
    {
        Nodes = room.Members.Select(one => new
        {
            Key = new { Id = IdOf(one.Key) },
            Role = Name(one.Value.Role),
            one.Value.JoinedAt,
            MutedUntil = MuteOf(room, one.Key),
        }),
        TotalCount = room.Members.Count,
    };

    private DateTimeOffset? MuteOf(Room room, int person) =>
        room.IsMuted(person, now) ? room.MutedUntil[person] : null;

    private object Page(
        Room room, Person person, long after, long before, int size, bool fromEnd, long? thread = null)
    {
        var visible = room.Messages.Values
            .Where(one => one.Position > room.FloorOf(person.Index) && (thread is null || one.ThreadRoot == thread))
            .Select(one => one.Position).Order().ToList();
        var between = visible.Where(one => one > after && one < before);
        var page = (fromEnd ? between.TakeLast(size) : between.Take(size)).ToList();
        return new
        {
            Nodes = page.Select(one => MessageOf(room, room.Messages[one], person)),
            PageInfo = page.Count == 0 ? null : new
            {
                HasPreviousPage = visible[0] < page[0],
                HasNextPage = visible[^1] > page[^1],
            },
        };
    }

    private object MessageOf(Room room, Message message, Person person) => new
    {
        Id = room.MessageIds[message.Position],
        RoomId = room.Id,
        message.Position,
        Author = new { Id = IdOf(message.Author), DisplayName = People[message.Author].Name },
        message.Text,
        message.SentAt,
        message.EditedAt,
        message.DeletedAt,
        ReplyTo = Shown(room, message.ReplyTo, person),
        ThreadRootId = Shown(room, message.ThreadRoot, person),
        ReplyCount = room.Messages.Values.Count(one => one.ThreadRoot == message.Position && !one.IsDeleted),
        Reactions = message.Reactions.GroupBy(one => one.Emoji).Select(group => new
        {
            Key = group.Key,
            Count = group.Count(),
            Users = group.Select(one => IdOf(one.Who)),
            ViewerReacted = group.Any(one => one.Who == person.Index),
        }),
        Mentions = message.Mentions.Select(one => new { Key = new { Id = IdOf(one) } }),
        message.MentionsRoom,
        Pinned = room.Pins.Contains(message.Position),
    };

    private static Guid? Shown(Room room, long? position, Person person) =>
        position is { } one && room.ShowsMessage(one, person) ? room.MessageIds[one] : null;

    private static IEnumerable<Guid> Pinned(Room room, Person person) => room.Pins
        .Where(one => one > room.FloorOf(person.Index)).Order().Select(one => room.MessageIds[one]);

    private IEnumerable<object> Activity(Room room, Person person) => room.Happenings.AsEnumerable().Reverse()
        .Where(one => one.Position > room.FloorOf(person.Index)).Take(PageMax).Select(one => new
        {
            one.Type,
            one.Position,
            one.At,
            Actor = one.Actor is { } actor ? IdOf(actor) : (Guid?)null,
            Who = one.Who is { } who ? IdOf(who) : (Guid?)null,
            one.Change,
            Role = one.Role is { } role ? Name(role) : null,
            one.MutedUntil,
            one.Reason,
            Message = one.Message is { } message ? room.MessageIds[message] : (Guid?)null,
            one.Emoji,
            one.Through,
        });

    private Guid IdOf(int person) => People[person].Id;

    private static string Name(Role role) => role.ToString().ToUpperInvariant();
}
