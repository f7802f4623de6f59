using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using FsCheck;
using FsCheck.Fluent;

namespace Chat.Domain.Tests.Rooms;

/// <summary>
/// An append's condition watches only the tags that its decision rests on. So an event without any of these tags must
/// never change the decision, or a refused command could slip through.
/// </summary>
public sealed class RestsOnTests
{
    private static readonly Guid[] Accounts = [People.Alice, People.Bob, new("ca701000-0000-4000-8000-000000000003")];

    private static readonly Func<Guid, RoomCommand>[] Commands =
    [
        id => new RoomCommand(_ => new JoinRoom(id).RestsOn, new JoinRoom(id).Decide),
        id => new RoomCommand(new LeaveRoom(id).RestsOn, new LeaveRoom(id).Decide),
        id => new RoomCommand(_ => Post(id).RestsOn, Post(id).Decide),
    ];

    private static readonly Gen<RoomCommand> AnyCommand =
        from actor in Gen.Elements(Accounts)
        from command in Gen.Elements(Commands)
        select command(actor);

    [Fact]
    public void What_a_decision_does_not_rest_on_does_not_change_it()
    {
        var cases =
            from created in Gen.Elements(People.PublicRoom, People.PrivateRoom)
            from history in AnyCommand.ListOf()
            from next in AnyCommand
            from watched in AnyCommand
            select (created, history, next, watched);
        var changed = 0;
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var before = one.history.Aggregate(Room.Evolve(null, one.created), Apply);
            var events = one.next.Decide(before).Events;
            var after = events.Aggregate(before, Room.Evolve);
            var (then, now) = (one.watched.Decide(before), one.watched.Decide(after));
            var same = then.Refusal == now.Refusal && then.Events.SequenceEqual(now.Events);
            if (events.SelectMany(Room.TagsOf).Intersect(one.watched.RestsOn(before)).Any())
                changed += same ? 0 : 1;
            else
                same.ShouldBeTrue($"{string.Join(", ", events)} changed a decision");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
        changed.ShouldBeGreaterThan(100, "the histories must be such that decisions change at all");
    }

    private static Room Apply(Room room, RoomCommand command) =>
        command.Decide(room).Events.Aggregate(room, Room.Evolve);

    private static PostMessage Post(Guid author) => new(Guid.Empty, author, "text");

    private sealed record RoomCommand(
        Func<Room, IReadOnlyList<string>> RestsOn, Func<Room, Decision<RoomEvent>> Decide);
}
