using System.Collections.Immutable;
using Chat.Domain.Accounts;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests;

/// <summary>A room and its messages, folded from one history: what a server's log and read models provide.</summary>
public sealed record World
{
    public Room? Room { get; private init; }

    public ImmutableDictionary<Guid, Message> Messages { get; private init; } =
        ImmutableDictionary<Guid, Message>.Empty;

    public long Position { get; private init; }

    /// <summary>What <see cref="Domain.Messages.Reactions"/> are folded from.</summary>
    public ImmutableList<RoomEvent> ReactionEvents { get; private init; } = [];

    public DateTimeOffset Now { get; init; } = People.Noon;

    public static World Of(params IEnumerable<RoomEvent> events) =>
        events.Aggregate(new World(), (world, e) => world.With(e));

    /// <summary>The world after an event that happens now.</summary>
    public World With(RoomEvent @event)
    {
        var moment = new Moment(Position + 1, Now);
        var room = Room.Evolve(Room, @event, moment);
        var messages = Messages;
        if (MessageOf(@event) is { } id)
        {
            var message = Message.Evolve(Messages.GetValueOrDefault(id), room.Id, id, @event, moment);
            messages = message is null ? messages : messages.SetItem(id, message);
        }

        var reactions = @event is ReactionAdded or ReactionRemoved or MessageDeleted
            ? ReactionEvents.Add(@event)
            : ReactionEvents;
        return this with { Room = room, Messages = messages, Position = moment.Position, ReactionEvents = reactions };
    }

    public World With(IEnumerable<RoomEvent> events) => events.Aggregate(this, (world, e) => world.With(e));

    public Message? Find(Guid? messageId) => messageId is { } id ? Messages.GetValueOrDefault(id) : null;

    public Reactions ReactionsOf(Guid messageId, Actor seenBy) =>
        ReactionEvents.Aggregate(new Reactions(messageId, seenBy.Id), (reactions, e) => reactions.Evolve(e));

    private static Guid? MessageOf(RoomEvent @event) => @event switch
    {
        MessagePosted e => e.MessageId,
        MessageEdited e => e.MessageId,
        MessageDeleted e => e.MessageId,
        _ => null,
    };
}
