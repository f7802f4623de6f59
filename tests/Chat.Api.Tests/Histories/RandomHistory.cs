using System.Text.Json;
using System.Text.RegularExpressions;
using Chat.Domain;
using Chat.Domain.Rooms;
using Chat.Domain.Tests;
using Chat.Domain.Tests.Histories;

namespace Chat.Api.Tests.Histories;

/// <summary>What random commands of a few people do in one room, with ids that no other history has.</summary>
public sealed partial record RandomHistory(Guid RoomId, IReadOnlyList<RoomEvent> Events)
{
    private static readonly HashSet<Guid> Everybody = [.. Steps.People.Select(person => person.Id)];

    public static RandomHistory Make(int seed, int steps, DateTimeOffset begin)
    {
        var random = new Random(seed);
        var history = Guid.NewGuid();
        var commands = new Steps(random);
        var events = Beginnings.Events[random.Next(Beginnings.Events.Count)].ToList();
        var world = World.Of(events) with { Now = begin };
        for (var i = 0; i < steps; i++)
        {
            world = world with { Now = world.Now.AddSeconds(random.Next(20)) };
            var decided = commands.Next(world).Decide(world).Events;
            world = world.With(decided);
            events.AddRange(decided);
        }

        return new RandomHistory(Renamed(People.RoomId, history), events.ConvertAll(e => Renamed(e, history)));
    }

    private static RoomEvent Renamed(RoomEvent e, Guid history) => (RoomEvent)JsonSerializer.Deserialize(
        Ids().Replace(
            JsonSerializer.Serialize(e, e.GetType()), id => Renamed(new Guid(id.Value), history).ToString()),
        e.GetType())!;

    private static Guid Renamed(Guid id, Guid history) =>
        Everybody.Contains(id) ? id : NameBasedId.Of(history, id.ToByteArray(bigEndian: true));

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Ids();
}
