using Chat.Domain.Accounts;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Permissions;

/// <summary>
/// The table of the rules, cell by cell, tried with the commands themselves and not with the code's table. Each cell is
/// tried with every setting on and off, muted and not, invited and not.
/// </summary>
public sealed class PermissionCellTests
{
    private const string Columns = "OWNER ADMIN MODERATOR MEMBER GUEST STRANGER SERVER";

    // y, n, or what it depends on: -m unless muted, +g guestsCanPost (and unless muted), +p membersCanPin,
    // +i membersCanInvite, +v invited.
    private static readonly Dictionary<string, string> Expected = new(StringComparer.Ordinal)
    {
        ["see public"] = "y y y y y y y",
        ["see hidden"] = "y y y y y +v n",
        ["read"] = "y y y y y n y",
        ["activity"] = "y y y n n n y",
        ["post"] = "-m -m -m -m +g n n",
        ["moderate"] = "y y y n n n y",
        ["mention room"] = "-m -m -m n n n n",
        ["pin"] = "y y y +p n n n",
        ["invite"] = "y y y +i n n n",
        ["ban"] = "y y y n n n y",
        ["change"] = "y y n n n n n",
        ["roles"] = "y y n n n n n",
        ["hand over"] = "y n n n n n n",
    };

    private static readonly Guid Own = new("00000000-0000-4000-8000-0000000000b1");
    private static readonly Guid Others = new("00000000-0000-4000-8000-0000000000b2");
    private static readonly Actor Low = People.Bob;
    private static readonly Actor Outlaw = People.Carol;
    private static readonly Guid LinkId = new("00000000-0000-4000-8000-0000000000b3");

    public static TheoryData<string, string> Cells()
    {
        var cells = new TheoryData<string, string>();
        foreach (var row in Expected.Keys)
        {
            foreach (var column in Columns.Split(' '))
                cells.Add(row, column);
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Each_cell_is_as_the_table_says(string row, string column)
    {
        var cell = Expected[row].Split(' ')[Array.IndexOf(Columns.Split(' '), column)];
        var tried = 0;
        foreach (var circumstances in All(row, column))
        {
            var world = circumstances.World(column);
            foreach (var (name, isAllowed) in Probes(row, world, ActorOf(column)))
            {
                isAllowed.ShouldBe(
                    circumstances.Meets(cell), $"{row}, {column}, {name}: the table says {cell}; {circumstances}");
                tried++;
            }
        }

        tried.ShouldBeGreaterThanOrEqualTo(8);
    }

    private static Actor ActorOf(string column) => column switch
    {
        "GUEST" => People.Gina,
        "SERVER" => People.Root,
        _ => People.Dave,
    };

    private static IEnumerable<Circumstances> All(string row, string column)
    {
        bool[] both = [false, true];
        return from muted in both
               from guestsCanPost in both
               from membersCanPin in both
               from membersCanInvite in both
               from invited in both
               from isPrivate in both
               where !isPrivate || column != "SERVER" || row == "see hidden"
               where row switch { "see public" => !isPrivate, "see hidden" => isPrivate, _ => true }
               where column is not "SERVER" || !invited
               select new Circumstances(muted, guestsCanPost, membersCanPin, membersCanInvite, invited, isPrivate);
    }

    private sealed record Circumstances(
        bool Muted, bool GuestsCanPost, bool MembersCanPin, bool MembersCanInvite, bool Invited, bool Private)
    {
        public bool Meets(string cell) => cell switch
        {
            "y" => true,
            "n" => false,
            "-m" => !Muted,
            "+g" => GuestsCanPost && !Muted,
            "+p" => MembersCanPin,
            "+i" => MembersCanInvite,
            "+v" => Invited,
            _ => throw new ArgumentOutOfRangeException(nameof(cell)),
        };

        public World World(string column)
        {
            var actor = ActorOf(column);
            var room = Private ? People.PrivateRoom : People.PublicRoom;
            var world = Tests.World.Of(column == "OWNER" ? room with { CreatedBy = actor.Id } : room).With(
            [
                People.Settings(settings => settings with
                {
                    GuestsCanPost = GuestsCanPost, MembersCanPin = MembersCanPin, MembersCanInvite = MembersCanInvite,
                }),
                new MemberJoined(Low.Id), new MemberBanned(Outlaw.Id, room.CreatedBy), new MemberJoined(actor.Id),
                new MessagePosted(Own, actor.Id, "mine"), new MessagePosted(Others, Low.Id, "theirs"),
            ]);
            return world.With(column switch
            {
                "OWNER" => [actor.Became(RoomRole.Owner)],
                "ADMIN" => [actor.Became(RoomRole.Admin)],
                "MODERATOR" => [actor.Became(RoomRole.Moderator)],
                "STRANGER" or "SERVER" => [new MemberLeft(actor.Id)],
                _ => [],
            }).With(
            [
                .. Muted ? [new MemberMuted(actor.Id, People.Noon.AddHours(1), room.CreatedBy)]
                    : Array.Empty<RoomEvent>(),
                .. Invited && column == "STRANGER" ? [new MemberInvited(actor.Id, room.CreatedBy)]
                    : Array.Empty<RoomEvent>(),
            ]);
        }
    }

    private static IEnumerable<(string Name, bool IsAllowed)> Probes(string row, World world, Actor actor)
    {
        var (room, now) = (world.Room!, world.Now);
        var (own, others) = (world.Find(Own), world.Find(Others));
        var reactions = world.ReactionsOf(Others, actor);
        var post = new PostMessage(Guid.Empty, actor, "hi");
        var newcomer = People.AccountOf(People.Alice) with { Id = Guid.Empty };
        return row switch
        {
            "see public" or "see hidden" => [("see", room.IsVisibleTo(actor))],
            "read" => [("read", room.Shows(others, actor)), ("read", room.Refuse(Permission.Read, actor, now) is null)],
            "activity" => [("activity", room.Refuse(Permission.SeeActivity, actor, now) is null)],
            "post" =>
            [
                Try("post", post.Decide(room, null, null, now)),
                Try("reply", (post with { ReplyToId = Others }).Decide(room, others, null, now)),
                Try("thread", (post with { ThreadRootId = Others }).Decide(room, null, others, now)),
                Try("react", new AddReaction(Others, actor, "👍").Decide(room, others, reactions, now)),
                Try("unreact", new RemoveReaction(Others, actor, "👍").Decide(
                    room, others, reactions.Evolve(new ReactionAdded(Others, actor.Id, "👍")), now)),
                Try("edit", new EditMessage(Own, actor, "new").Decide(room, own, now)),
                Try("delete", new DeleteMessage(Own, actor, null).Decide(room, own, now)),
            ],
            "moderate" =>
            [
                Try("delete", new DeleteMessage(Others, actor, null).Decide(room, others, now)),
                Try("mute", new MuteMember(actor, Low.Id, 60, null).Decide(room, now)),
                Try("kick", new KickMember(actor, Low.Id, null).Decide(room, now)),
            ],
            "mention room" => [Try("@room", (post with { MentionsRoom = true }).Decide(room, null, null, now))],
            "pin" =>
            [
                Try("pin", new PinMessage(Others, actor).Decide(room, others, now)),
                Try("unpin", new UnpinMessage(Others, actor).Decide(
                    world.With(new MessagePinned(Others, others!.Position)).Room!, others, now)),
            ],
            "invite" =>
            [
                Try("invite", new InviteMember(actor, newcomer.Id).Decide(room, newcomer, now)),
                Try("link", new CreateInviteLink(LinkId, actor, "hash", null, null).Decide(room, 0, now)),
            ],
            "ban" =>
            [
                Try("ban", new BanMember(actor, Low.Id, null).Decide(room, People.AccountOf(Low), now)),
                Try("unban", new UnbanMember(actor, Outlaw.Id).Decide(room, now)),
            ],
            "change" =>
            [
                Try("rename", new UpdateRoom(actor) { Name = "Coffee" }.Decide(room, now)),
                Try("archive", new ArchiveRoom(actor, Archived: true).Decide(room, now)),
            ],
            "roles" => [Try("role", new SetMemberRole(actor, Low.Id, RoomRole.Moderator).Decide(room, false, now))],
            _ => [Try("hand over", new SetMemberRole(actor, Low.Id, RoomRole.Owner).Decide(room, false, now))],
        };
    }

    // Allowed is what leads to events; a refusal leads to none.
    private static (string Name, bool IsAllowed) Try<T>(string name, Decision<T> decision)
        where T : class
    {
        (decision.Refusal is null).ShouldBe(decision.Events.Count > 0, name);
        return (name, decision.Refusal is null);
    }
}
