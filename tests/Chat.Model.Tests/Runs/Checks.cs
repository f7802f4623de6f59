using Chat.Model.Rules;

namespace Chat.Model.Runs;

/// <summary>Compares what somebody is shown, by any of the nodes, with what the model says.</summary>
internal sealed class Checks(Nodes nodes, string name, World world, List<Client> clients, Random random)
{
    private const int ThreadPageMax = 5;

    private View View => new(world, nodes.Clock.GetUtcNow());

    /// <summary>All there is for one person.</summary>
    public async Task AllAsync(Person person)
    {
        foreach (var room in world.Rooms)
            await RoomAsync(room, person);
        await ThreadAsync(person);
        await PeopleAsync(person);
        await ReportsAsync(person);
    }

    public async Task ViewerAsync(Person person)
    {
        var (viewer, listed) = await Queries.ViewerAsync(clients[person.Index], Node(), world);
        Same(View.Viewer(person), viewer, $"viewer of {person}");
        listed.Order().ShouldBe(View.Listed(person).Order(), $"rooms of {person}");
    }

    public async Task RoomAsync(Room room, Person person)
    {
        var (after, before) = (random.NextInt64(room.Position + 1), random.NextInt64(1, room.Position + 3));
        var actual = await Queries.RoomAsync(clients[person.Index], Node(), room.Id, after, before);
        Same(View.Of(room, person, after, before), actual, $"room {room.Index} as {person} sees it");
    }

    // Where there are threads, mostly one of them; anything can be asked for, also what is gone.
    private async Task ThreadAsync(Person person)
    {
        var written = world.Rooms.Where(room => room.MessageIds.Count > 0).ToList();
        if (written.Count == 0)
            return;
        var room = Pick(written);
        var roots = room.Messages.Values.Select(message => message.ThreadRoot).OfType<long>().Distinct().ToList();
        var root = roots.Count > 0 && random.Next(5) > 0 ? Pick(roots) : Pick([.. room.MessageIds.Keys]);
        var first = random.Next(1, ThreadPageMax + 1);
        long? after = random.Next(2) == 0 ? null : random.NextInt64(room.Position + 1);
        var actual = await Lookups.ThreadAsync(clients[person.Index], Node(), room.MessageIds[root], first, after);
        Same(View.Thread(room, root, person, first, after), actual, $"thread {root} of room {room.Index} for {person}");
    }

    private async Task PeopleAsync(Person person)
    {
        var other = Pick(world.People);
        var actual = await Lookups.PeopleAsync(clients[person.Index], Node(), $"{name}-", other.Id);
        Same(View.PeopleFor(person, other), actual, $"people as {person} sees them, and {other}");
    }

    private async Task ReportsAsync(Person person)
    {
        var room = random.Next(4) == 0 ? null : Pick(world.Rooms);
        var actual = await Lookups.ReportsAsync(clients[person.Index], Node(), world, room?.Id);
        Same(View.ReportsFor(person, room), actual, $"reports of room {room?.Index} for {person}");
    }

    private int Node() => random.Next(nodes.Count);

    private T Pick<T>(IReadOnlyList<T> among) => among[random.Next(among.Count)];

    private static void Same(object? expected, object? actual, string what)
    {
        var difference = Lines.Difference(Lines.OfObject(expected), Lines.OfObject(actual));
        difference.ShouldBeEmpty(what);
    }
}
