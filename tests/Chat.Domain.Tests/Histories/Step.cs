using Chat.Domain.Accounts;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Histories;

/// <summary>A command on a room with all its facts taken from a world: what it rests on, and its decision.</summary>
public sealed record Step(
    string Name, Func<World, IReadOnlyList<string>> RestsOn, Func<World, Decision<RoomEvent>> Decide);

/// <summary>Random commands of a few people on one room: weighted such that they find something to do.</summary>
public sealed class Steps(Random random)
{
    public static readonly Actor[] People =
    [
        Tests.People.Alice, Tests.People.Bob, Tests.People.Carol, Tests.People.Dave, Tests.People.Gina,
        Tests.People.Root,
    ];

    private static readonly string[] Emoji =
        [.. Enumerable.Range(0x1F600, Reactions.KindsMax + 3).Select(char.ConvertFromUtf32)];

    // Commands that follow each other are often about the same.
    private Actor _actor = Tests.People.Alice;
    private Guid _message;
    private string _emoji = Emoji[0];
    private int _made;

    public Step Next(World world)
    {
        var actor = _actor = random.Next(4) switch { 0 => OwnerOf(world), 1 => _actor, _ => OneOf(People) };
        var other = OneOf(People);
        return random.Next(11) switch
        {
            0 or 1 => Entering(actor, other),
            2 or 3 => Governing(actor, other),
            4 or 8 => Posting(world, actor, other),
            5 or 6 => Reacting(world, actor),
            7 => Of(
                new ExpireHistory(world.Room!.ExpiredThrough + random.Next(3)), _ => ExpireHistory.RestsOn,
                (c, w) => c.Decide(w.Room!)),
            _ => Changing(world, actor, other),
        };
    }

    private Step Entering(Actor actor, Actor other)
    {
        var account = Tests.People.AccountOf(other);
        return random.Next(5) switch
        {
            0 or 1 => Of(new JoinRoom(actor), c => c.RestsOn, (c, w) => c.Decide(w.Room!)),
            2 => Of(new InviteMember(actor, other.Id), c => c.RestsOn, (c, w) => c.Decide(w.Room!, account, w.Now)),
            3 => OfWorld(new LeaveRoom(actor), (c, w) => c.RestsOn(w.Room!), (c, w) => c.Decide(w.Room!)),
            _ => ByLink(actor, other),
        };
    }

    private static Step ByLink(Actor actor, Actor maker)
    {
        var link = new InviteLink(Guid.Empty, Tests.People.RoomId, maker.Id, MaxUses: null, ExpiresAt: null);
        return Of(new AcceptInviteLink(actor), c => c.RestsOn(link), (c, w) => c.Decide(w.Room, link, w.Now));
    }

    private Step Governing(Actor actor, Actor other)
    {
        var account = Tests.People.AccountOf(other);
        var role = OneOf(Enum.GetValues<RoomRole>());
        var update = new UpdateRoom(actor)
        {
            Name = random.Next(2) == 0 ? OneOf("Tea", "Coffee") : null,
            Visibility = random.Next(3) == 0 ? OneOf(RoomVisibility.Public, RoomVisibility.Private) : null,
            Settings = new RoomSettingsChange(
                OneOf<int?>(0, 60, 60, null, null, null),
                OneOf<bool?>(true, false, null), OneOf<bool?>(true, false, null),
                OneOf<bool?>(true, false, null), OneOf<bool?>(true, false, null), OneOf<int?>(0, 1)),
        };
        return random.Next(11) switch
        {
            0 => Of(new KickMember(actor, other.Id, null), c => c.RestsOn, (c, w) => c.Decide(w.Room!, w.Now)),
            1 => Of(new BanMember(actor, other.Id, null), c => c.RestsOn, (c, w) => c.Decide(w.Room!, account, w.Now)),
            2 or 3 => Of(new UnbanMember(actor, other.Id), c => c.RestsOn, (c, w) => c.Decide(w.Room!, w.Now)),
            4 => Of(
                new MuteMember(actor, other.Id, OneOf(0, 60), null), c => c.RestsOn,
                (c, w) => c.Decide(w.Room!, w.Now)),
            5 or 6 or 7 => Of(
                new SetMemberRole(actor, other.Id, role), c => c.RestsOn,
                (c, w) => c.Decide(w.Room!, other.IsGuest, w.Now)),
            8 => Of(new ArchiveRoom(actor, random.Next(3) == 0), c => c.RestsOn, (c, w) => c.Decide(w.Room!, w.Now)),
            9 when random.Next(3) == 0 =>
                Of(
                    new RemoveErasedMember(other.Id), c => c.RestsOn,
                    (c, w) => c.Decide(w.Room!, [Tests.People.Gina.Id])),
            _ => Of(update, c => c.RestsOn, (c, w) => c.Decide(w.Room!, w.Now)),
        };
    }

    private Step Posting(World world, Actor actor, Actor other)
    {
        var post = new PostMessage(new Guid(++_made, 1, 0, new byte[8]), actor, OneOf("AAAA", "BBBB"))
        {
            ReplyToId = random.Next(4) == 0 ? MessageOf(world) : null,
            ThreadRootId = random.Next(4) == 0 ? MessageOf(world) : null,
            MentionIds = random.Next(3) == 0 ? [other.Id] : [],
            MentionsRoom = random.Next(8) == 0,
        };
        return OfWorld(post, (c, w) => c.RestsOn(w.Room!), (c, w) =>
            c.Decide(w.Room!, w.Find(c.ReplyToId), w.Find(c.ThreadRootId), w.Now));
    }

    private Step Reacting(World world, Actor actor)
    {
        var (id, emoji) = (MessageOf(world), _emoji = random.Next(3) == 0 ? _emoji : OneOf(Emoji));
        return random.Next(3) == 0
            ? Of(new RemoveReaction(id, actor, emoji), c => c.RestsOn, (c, w) =>
                c.Decide(w.Room!, w.Find(id), w.ReactionsOf(id, actor), w.Now))
            : Of(new AddReaction(id, actor, emoji), c => c.RestsOn, (c, w) =>
                c.Decide(w.Room!, w.Find(id), w.ReactionsOf(id, actor), w.Now));
    }

    private Step Changing(World world, Actor actor, Actor other)
    {
        var id = MessageOf(world);
        var edit = new EditMessage(id, actor, OneOf("AAAA", "BBBB"))
        {
            MentionIds = random.Next(2) == 0 ? [other.Id] : null,
        };
        return random.Next(5) switch
        {
            0 => Of(edit, c => c.RestsOn, (c, w) => c.Decide(w.Room!, w.Find(id), w.Now)),
            1 => OfWorld(new DeleteMessage(id, actor, null), (c, w) => c.RestsOn(w.Find(id)), (c, w) =>
                c.Decide(w.Room!, w.Find(id), w.Now)),
            2 => Of(new UnpinMessage(id, actor), c => c.RestsOn, (c, w) => c.Decide(w.Room!, w.Find(id), w.Now)),
            _ => Of(new PinMessage(id, actor), c => c.RestsOn, (c, w) => c.Decide(w.Room!, w.Find(id), w.Now)),
        };
    }

    // Who may do most.
    private static Actor OwnerOf(World world) =>
        People.FirstOrDefault(
            person => world.Room!.Members.GetValueOrDefault(person.Id)?.Role == RoomRole.Owner, Tests.People.Alice);

    // Now and then one that is not there.
    private Guid MessageOf(World world) => _message =
        world.Messages.IsEmpty || random.Next(20) == 0 ? Guid.Empty
        : random.Next(3) == 0 ? _message
        : world.Messages.Keys.Order().ElementAt(random.Next(world.Messages.Count));

    private T OneOf<T>(params T[] items) => items[random.Next(items.Length)];

    private static Step Of<TCommand>(
        TCommand command, Func<TCommand, IReadOnlyList<string>> restsOn,
        Func<TCommand, World, Decision<RoomEvent>> decide) => OfWorld(command, (c, _) => restsOn(c), decide);

    private static Step OfWorld<TCommand>(
        TCommand command, Func<TCommand, World, IReadOnlyList<string>> restsOn,
        Func<TCommand, World, Decision<RoomEvent>> decide) =>
        new(typeof(TCommand).Name, world => restsOn(command, world), world => decide(command, world));
}
