using System.Text.Json;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests;

/// <summary>Given past events, when a command is decided, then these events or this refusal.</summary>
public sealed class Given
{
    private readonly World _world;
    private readonly Func<World, Decision<RoomEvent>>? _decide;

    private Given(World world, Func<World, Decision<RoomEvent>>? decide = null)
    {
        _world = world;
        _decide = decide;
    }

    public static Given Events(params IEnumerable<RoomEvent> events) => new(World.Of(events));

    public Given And(params IEnumerable<RoomEvent> events) => new(_world.With(events));

    public Given Later(TimeSpan time) => new(_world with { Now = _world.Now + time });

    public Given When(Func<World, Decision<RoomEvent>> decide) => new(_world, decide);

    public Given When(Func<Room, Decision<RoomEvent>> decide) => When(world => decide(world.Room!));

    public Given When(Func<Room, DateTimeOffset, Decision<RoomEvent>> decide) =>
        When(world => decide(world.Room!, world.Now));

    public Given When(Func<Room, Message?, DateTimeOffset, Decision<RoomEvent>> decide) =>
        When(world => decide(world.Room!, world.Find(People.MessageId), world.Now));

    public void Then(params RoomEvent[] expected)
    {
        var decision = _decide!(_world);
        decision.Refusal.ShouldBeNull();
        Lines(decision.Events).ShouldBe(Lines(expected));
    }

    /// <summary>As <see cref="Then"/>, and the same command once more changes nothing.</summary>
    public void ThenOnce(params RoomEvent[] expected)
    {
        Then(expected);
        var again = _decide!(_world.With(expected));
        again.Refusal.ShouldBeNull();
        again.Events.ShouldBeEmpty();
    }

    public void ThenNothing() => Then();

    public void ThenRefused(Refusal expected)
    {
        var decision = _decide!(_world);
        decision.Refusal.ShouldBe(expected);
        decision.Events.ShouldBeEmpty();
    }

    /// <summary>Events by what is stored of them: lists in them have no equality of their own.</summary>
    public static IEnumerable<string> Lines(IEnumerable<RoomEvent> events) =>
        events.Select(e => $"{e.GetType().Name} {JsonSerializer.Serialize(e, e.GetType())}");
}
