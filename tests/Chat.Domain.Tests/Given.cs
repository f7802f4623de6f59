using Chat.Domain.Rooms;

namespace Chat.Domain.Tests;

/// <summary>Given past events, when a command is decided, then these events or this refusal.</summary>
public sealed class Given
{
    private readonly Room? _room;
    private readonly Func<Room, Decision<RoomEvent>>? _decide;

    private Given(Room? room, Func<Room, Decision<RoomEvent>>? decide = null)
    {
        _room = room;
        _decide = decide;
    }

    public static Given Events(params IEnumerable<RoomEvent> events) => new(events.Aggregate((Room?)null, Room.Evolve));

    public Given And(RoomEvent @event) => new(Room.Evolve(_room, @event));

    public Given When(Func<Room, Decision<RoomEvent>> decide) => new(_room, decide);

    public void Then(params RoomEvent[] expected)
    {
        var decision = Decide(_room!);
        decision.Refusal.ShouldBeNull();
        decision.Events.ShouldBe(expected);
    }

    /// <summary>As <see cref="Then"/>, and the same command once more changes nothing.</summary>
    public void ThenOnce(params RoomEvent[] expected)
    {
        Then(expected);
        var again = Decide(expected.Aggregate(_room, Room.Evolve)!);
        again.Refusal.ShouldBeNull();
        again.Events.ShouldBeEmpty();
    }

    public void ThenNothing() => Then();

    public void ThenRefused(Refusal expected)
    {
        var decision = Decide(_room!);
        decision.Refusal.ShouldBe(expected);
        decision.Events.ShouldBeEmpty();
    }

    private Decision<RoomEvent> Decide(Room room) => _decide!(room);
}
