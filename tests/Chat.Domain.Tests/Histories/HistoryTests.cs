using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests.Histories;

/// <summary>What holds after every step of random histories. The seed of a failure is in its message.</summary>
public sealed class HistoryTests
{
    private const string SeedVariable = "CHAT_DOMAIN_SEED";
    private const string HistoriesVariable = "CHAT_DOMAIN_HISTORIES";
    private const int StepsEach = 80;
    private const int WatchedEach = 12;

    private static readonly int FirstSeed = Setting(SeedVariable, 1);
    private static readonly int Histories = Setting(HistoriesVariable, 120);

    /// <summary>
    /// An append's condition watches only the tags that its decision rests on. So an event without any of these tags
    /// must never change the decision, or a refused command could slip through.
    /// </summary>
    [Fact]
    public void What_a_decision_does_not_rest_on_does_not_change_it()
    {
        HashSet<string> changed = new(StringComparer.Ordinal), needed = new(StringComparer.Ordinal);
        var apart = 0;
        Run((seed, steps, before, events, after) =>
        {
            foreach (var watched in Enumerable.Range(0, WatchedEach).Select(_ => steps.Next(before)))
            {
                var (then, now) = (watched.Decide(before), watched.Decide(after));
                var same = Said(then) == Said(now);
                var tags = events.SelectMany(Room.TagsOf).Intersect(watched.RestsOn(before));
                var kinds = tags.Select(KindOf).ToHashSet(StringComparer.Ordinal);
                if (kinds.Count == 0)
                {
                    same.ShouldBeTrue(
                        $"seed {seed}: {string.Join(", ", Given.Lines(events))} changed {watched.Name} from "
                        + $"{Said(then)} to {Said(now)}");
                    apart++;
                }
                else if (!same)
                {
                    changed.Add(watched.Name);
                    if (kinds.Count == 1)
                        needed.Add(kinds.Single());
                }
            }
        });
        apart.ShouldBeGreaterThan(1000, "there must be pairs that do not conflict");
        changed.Order(StringComparer.Ordinal)
            .ShouldBe(Commands.Order(StringComparer.Ordinal), "each command must have decided differently at all");
        // Without any one kind of tag this test would have failed.
        needed.Order(StringComparer.Ordinal)
            .ShouldBe(["author", "kinds", "member", "members", "message", "pins", "reactor", "settings"]);
    }

    [Fact]
    public void Rooms_stay_in_order() => Run((seed, _, _, events, after) =>
    {
        var (room, said) = (after.Room!, $"seed {seed}: {string.Join(", ", Given.Lines(events))}");
        var owners = room.Members.Values.Count(member => member.Role == RoomRole.Owner);
        var isAlive = room is { Kind: RoomKind.Group, Members.Count: > 0 };
        owners.ShouldBe(isAlive ? 1 : 0, said);
        if (room.Members.IsEmpty)
            room.Archived.ShouldBeTrue(said);
        room.Banned.Intersect(room.Members.Keys).ShouldBeEmpty(said);
        room.Invited.Intersect(room.Members.Keys).ShouldBeEmpty(said);
        room.Banned.Intersect(room.Invited).ShouldBeEmpty(said);
        (room.Encrypted && room.Visibility == RoomVisibility.Public).ShouldBeFalse(said);
        if (room.Kind == RoomKind.Direct)
            room.Members.Count.ShouldBeLessThanOrEqualTo(2, said);
        if (room.Settings.SlowModeSeconds == 0)
            room.SlowPosts.ShouldBeEmpty(said);
        room.Pins.Count.ShouldBeLessThanOrEqualTo(PinMessage.PinsMax, said);
        foreach (var (id, position) in room.Pins)
        {
            after.Find(id)!.Deleted.ShouldBeFalse(said);
            after.Find(id)!.Position.ShouldBe(position, said);
            position.ShouldBeGreaterThan(room.ExpiredThrough, said);
        }
    });

    [Fact]
    public void Reactions_are_counted_right_and_bounded() => Run((seed, _, _, events, after) =>
    {
        foreach (var id in events.OfType<ReactionAdded>().Select(e => e.MessageId))
        {
            var reactions = after.ReactionsOf(id, People.Alice);
            reactions.Counts.Count.ShouldBeLessThanOrEqualTo(Reactions.KindsMax, $"seed {seed}");
            var all = Steps.People.SelectMany(person => after.ReactionsOf(id, person).Own);
            var recount = all.GroupBy(emoji => emoji).ToDictionary(one => one.Key, one => one.Count());
            reactions.Counts.OrderBy(one => one.Key, StringComparer.Ordinal)
                .ShouldBe(recount.OrderBy(one => one.Key, StringComparer.Ordinal), $"seed {seed}");
        }
    });

    // A retry is normal: what is done is not done twice.
    [Fact]
    public void The_same_command_once_more_adds_nothing()
    {
        foreach (var (seed, random) in Randoms())
        {
            var steps = new Steps(random);
            var world = Beginnings.All[random.Next(Beginnings.All.Count)];
            for (var i = 0; i < StepsEach; i++)
            {
                var step = steps.Next(world);
                world = world.With(step.Decide(world).Events);
                // A post is told by its id, which the log knows.
                if (step.Name != nameof(PostMessage))
                    step.Decide(world).Events.ShouldBeEmpty($"seed {seed}: {step.Name}");
            }
        }
    }

    private static string[] Commands =>
    [
        nameof(AcceptInviteLink), nameof(AddReaction), nameof(ArchiveRoom), nameof(BanMember), nameof(DeleteMessage),
        nameof(EditMessage), nameof(ExpireHistory), nameof(InviteMember), nameof(JoinRoom), nameof(KickMember),
        nameof(LeaveRoom), nameof(MuteMember), nameof(PinMessage), nameof(PostMessage), nameof(RemoveErasedMember),
        nameof(RemoveReaction), nameof(SetMemberRole), nameof(UnbanMember), nameof(UnpinMessage), nameof(UpdateRoom),
    ];

    private static void Run(Action<int, Steps, World, IReadOnlyList<RoomEvent>, World> check)
    {
        foreach (var (seed, random) in Randoms())
        {
            var steps = new Steps(random);
            var world = Beginnings.All[random.Next(Beginnings.All.Count)];
            for (var i = 0; i < StepsEach; i++)
            {
                world = world with { Now = world.Now.AddSeconds(random.Next(20)) };
                var events = steps.Next(world).Decide(world).Events;
                if (events.Count == 0)
                    continue;
                var after = world.With(events);
                check(seed, steps, world, events, after);
                world = after;
            }
        }
    }

    private static IEnumerable<(int Seed, Random Random)> Randoms()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{SeedVariable}={FirstSeed}: seeds {FirstSeed} to {FirstSeed + Histories - 1}");
        return Enumerable.Range(FirstSeed, Histories).Select(seed => (seed, new Random(seed)));
    }

    private static int Setting(string variable, int usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, null) : usual;

    private static string KindOf(string tag) => tag.Split(':')[0];

    private static string Said(Decision<RoomEvent> decision) =>
        decision.Refusal?.ToString() ?? string.Join(", ", Given.Lines(decision.Events));
}
