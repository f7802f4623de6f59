using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using FsCheck;
using FsCheck.Fluent;

namespace Chat.Domain.Tests.Rooms;

/// <summary>
/// An append's condition watches only the tags that its decision rests on. So an event without any of these tags must never
/// change the decision, or a refused command could slip through.
/// </summary>
public sealed class RestsOnTests
{
    private static readonly Guid[] Accounts = [People.Alice, People.Bob, new("ca701000-0000-4000-8000-000000000003")];

    private static readonly Gen<RoomEvent> Events = Gen.OneOf(
        Gen.Elements(Accounts).Select(RoomEvent (id) => new MemberJoined(id)),
        Gen.Elements(Accounts).Select(RoomEvent (id) => new MemberLeft(id)),
        Gen.Elements(Accounts).Select(RoomEvent (id) => new MessagePosted(Guid.Empty, id, "text")),
        Gen.Constant<RoomEvent>(new RoomArchived()));

    private static readonly (Func<Guid, IReadOnlyList<string>> RestsOn, Func<Guid, Room, Decision<RoomEvent>> Decide)[] Commands =
    [
        (id => new JoinRoom(id).RestsOn, (id, room) => new JoinRoom(id).Decide(room)),
        (id => new LeaveRoom(id).RestsOn, (id, room) => new LeaveRoom(id).Decide(room)),
        (id => Post(id).RestsOn, (id, room) => Post(id).Decide(room)),
    ];

    [Fact]
    public void What_a_decision_does_not_rest_on_does_not_change_it()
    {
        var cases =
            from created in Gen.Elements(People.PublicRoom, People.PrivateRoom)
            from history in Events.ListOf()
            from next in Events
            from actor in Gen.Elements(Accounts)
            select (created, history, next, actor);
        var changed = 0;
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var before = one.history.Aggregate(Room.Evolve(null, one.created), Room.Evolve);
            var after = Room.Evolve(before, one.next);
            foreach (var (restsOn, decide) in Commands)
            {
                var (then, now) = (decide(one.actor, before), decide(one.actor, after));
                var same = then.Refusal == now.Refusal && then.Events.SequenceEqual(now.Events);
                if (Room.TagsOf(one.next).Intersect(restsOn(one.actor)).Any())
                    changed += same ? 0 : 1;
                else
                    same.ShouldBeTrue($"{one.next} changed the decision of {one.actor}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
        changed.ShouldBeGreaterThan(100, "the histories must be such that decisions change at all");
    }

    private static PostMessage Post(Guid author) => new(Guid.Empty, author, "text");
}
