using System.Text.Json;
using Chat.Model.Equality;
using Chat.Model.Rules;

namespace Chat.Model.Runs;

/// <summary>One world of people and rooms, on the server and in the model, step by step the same.</summary>
internal sealed class WorldRun
{
    private const int RaceMax = 6;
    private const int Followers = 3;

    private static readonly JsonSerializerOptions OnlyWhatIsGiven =
        new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault };

    private readonly Nodes _nodes;
    private readonly Random _random;
    private readonly Generator _generator;
    private readonly List<Client> _clients;
    private readonly World _world;
    private readonly Queue<string> _history = new();
    private readonly List<(int Person, int Room, ClientRoom Stale)> _followed = [];
    private readonly List<(int Person, ClientList Stale)> _lists = [];
    private readonly string _name;

    private WorldRun(Nodes nodes, string name, int seed, List<Client> clients, List<Person> people)
    {
        (_nodes, _name, _clients) = (nodes, name, clients);
        _random = new Random(seed);
        _generator = new Generator(_random, nodes.Count, name);
        _world = new World(people);
    }

    public int Steps { get; private set; }

    private DateTimeOffset Now => _nodes.Clock.GetUtcNow();

    /// <summary>Ten people: of the server's OWNER there is one for all worlds, the others have an ADMIN.</summary>
    public static async Task<WorldRun> StartAsync(Nodes nodes, string name, int seed, Client? owner)
    {
        var (clients, people) = (new List<Client>(), new List<Person>());
        for (var i = 0; i < 10; i++)
        {
            var client = nodes.Client();
            var isGuest = i >= 8;
            await (isGuest ? client.EnterAsGuestAsync($"{name}-{i}") : client.RegisterAsync($"{name}-{i}"));
            var role = isGuest ? "GUEST" : i == 0 && owner is null ? "OWNER" : i <= 1 ? "ADMIN" : "MEMBER";
            if (role == "ADMIN")
                await AppointAsync(owner ?? clients[0], client.Id);
            clients.Add(client);
            people.Add(new Person(i, $"{name}-{i}", client.Id, role));
        }

        var run = new WorldRun(nodes, name, seed, clients, people);
        foreach (var command in Beginnings.Of(name))
            await run.DoAsync(command);
        return run;
    }

    public Client Owner => _clients[0];

    public Task RefreshAsync() => Task.WhenAll(_clients.Select(client => client.RefreshAsync()));

    public async Task RunAsync(int steps)
    {
        try
        {
            for (var end = Steps + steps; Steps < end;)
            {
                if (_random.Next(25) == 0)
                    await RaceAsync(_random.Next(_world.Rooms.Count));
                else
                    await DoAsync(_generator.Next(_world));
            }

            await CheckAsync();
            await CatchUpAsync();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"World {_name}, step {Steps}: {e.Message}\nLast steps:\n{string.Join('\n', _history)}", e);
        }
    }

    private static async Task AppointAsync(Client owner, Guid userId)
    {
        var data = await owner.DataAsync(
            0,
            "mutation($i: SetServerRoleInput!) { setServerRole(input: $i) { user { id } errors { code message } } }",
            new { i = new { userId, role = "ADMIN" } });
        data.GetProperty("setServerRole").GetProperty("errors").GetArrayLength().ShouldBe(0, data.ToString());
    }

    private async Task DoAsync(Command command)
    {
        Note(command);
        var commandId = Guid.NewGuid();
        var request = Sender.Requested(_world, command, commandId, Now);
        var expected = _world.Apply(command, Now);
        var reply = await Sender.SendAsync(_clients[command.By], command.Node, request);
        (reply.Refusal ?? "").ShouldBe(expected.Refusal ?? "", $"{command.Name} was answered {reply.Payload}");
        if (reply.Position is not null)
            reply.Position.ShouldBe(expected.Position, command.ToString());
        if (expected.Refusal is null)
            Learn(command, expected, reply);
        // Sent again, to another node: the same answer, and nothing happens.
        if (_random.Next(25) == 0 && command.Name is not ("createInviteLink" or "markRead" or "setNotifyLevel"))
        {
            var other = (command.Node + 1) % _nodes.Count;
            var again = await Sender.SendAsync(_clients[command.By], other, request);
            (again.Refusal, again.Position).ShouldBe((reply.Refusal, reply.Position), $"{command} a second time");
        }
    }

    private void Learn(Command command, Answer expected, Reply reply)
    {
        switch (command.Name)
        {
            case "createRoom":
                _world.Rooms[^1].Id = reply.Id.ShouldNotBeNull();
                break;
            case "openDirect":
                var direct = _world.Rooms.Last(room => room.IsDirect && room.IsEncrypted == command.Flag);
                if (expected.Changed)
                    direct.Id = reply.Id.ShouldNotBeNull();
                reply.Id.ShouldBe(direct.Id);
                break;
            case "createInviteLink":
                _world.Links[^1] = _world.Links[^1] with { Code = reply.Code.ShouldNotBeNull() };
                break;
            case "postMessage":
                Named(_world.Rooms[command.Room], expected.Position, reply);
                break;
            case "markRead" or "setNotifyLevel":
                var membership = reply.Payload.GetProperty("membership");
                var room = _world.Rooms[command.Room];
                var person = _world.People[command.By];
                var (unread, mentions) = new View(_world, Now).Unread(room, person);
                membership.GetProperty("unreadCount").GetInt32().ShouldBe(unread, command.ToString());
                membership.GetProperty("mentionCount").GetInt32().ShouldBe(mentions, command.ToString());
                break;
        }
    }

    private static void Named(Room room, long position, Reply reply) =>
        room.Messages[position] = room.Messages[position] with { Id = reply.Id.ShouldNotBeNull() };

    /// <summary>
    /// Several at once, over all nodes. The log says in which order those came that did something; played back in that
    /// order, the model must accept each at its position. What the others were told must hold at some point between.
    /// </summary>
    private async Task RaceAsync(int roomIndex)
    {
        var commands = Enumerable.Range(0, _random.Next(2, RaceMax + 1))
            .Select(_ => (Command: _generator.NextIn(_world, roomIndex), Id: Guid.NewGuid())).ToList();
        foreach (var (command, _) in commands)
            Note(command, "at once: ");
        var room = _world.Rooms[roomIndex];
        var (start, now) = (room.Position, Now);
        var requests = commands.Select(one => Sender.Requested(_world, one.Command, one.Id, now)).ToList();
        var replies = await Task.WhenAll(commands.Select((one, i) =>
            Sender.SendAsync(_clients[one.Command.By], one.Command.Node, requests[i])));
        var order = await _nodes.CommandsAfterAsync(room.Id, start);

        var states = new List<World> { _world.CopyWith(roomIndex) };
        foreach (var (commandId, last) in order)
        {
            var index = commands.FindIndex(one => one.Id == commandId);
            index.ShouldBeGreaterThanOrEqualTo(0, $"somebody else wrote position {last}");
            var next = states[^1].CopyWith(roomIndex);
            var answer = next.Apply(commands[index].Command, now);
            answer.ShouldBe(
                new Answer(null, last, Changed: true), $"{commands[index].Command} at once, in order {order.Count}");
            replies[index].Refusal.ShouldBeNull(commands[index].Command.ToString());
            replies[index].Position.ShouldBe(last);
            if (commands[index].Command.Name == "postMessage")
                Named(next.Rooms[roomIndex], last, replies[index]);
            states.Add(next);
        }

        for (var i = 0; i < commands.Count; i++)
        {
            if (order.Exists(one => one.CommandId == commands[i].Id))
                continue;
            var (refusal, command) = (replies[i].Refusal, commands[i].Command);
            var isExplained = refusal == "CONFLICT" && order.Count >= 3
                || states.Exists(state => state.CopyWith(roomIndex).Apply(command, now) is { Changed: false } answer
                    && answer.Refusal == refusal);
            isExplained.ShouldBeTrue($"{command} at once was answered {replies[i].Payload}, which holds at no time");
        }

        _world.Rooms[roomIndex] = states[^1].Rooms[roomIndex];
    }

    private async Task CheckAsync()
    {
        var view = new View(_world, Now);
        foreach (var person in _world.People)
        {
            var (client, node) = (_clients[person.Index], _random.Next(_nodes.Count));
            var (viewer, listed) = await Queries.ViewerAsync(client, node, _world);
            Same(view.Viewer(person), viewer, $"viewer of {person}");
            listed.Order().ShouldBe(view.Listed(person).Order(), $"rooms of {person}");
            foreach (var room in _world.Rooms)
            {
                var (after, before) = (_random.NextInt64(room.Position + 1), _random.NextInt64(1, room.Position + 3));
                var actual = await Queries.RoomAsync(client, node, room.Id, after, before);
                Same(view.Of(room, person, after, before), actual, $"room {room.Index} as {person} sees it");
            }
        }
    }

    // What was fetched some time ago catches up; then others fetch.
    private async Task CatchUpAsync()
    {
        foreach (var (person, index, stale) in _followed)
        {
            var room = _world.Rooms[index];
            await new Follower(_world.People[person], _clients[person], room, stale)
                .CatchUpAsync(_nodes, _random.Next(_nodes.Count));
        }

        foreach (var (person, stale) in _lists)
            await stale.CatchUpAsync(_nodes, _random.Next(_nodes.Count), _world, _world.People[person]);
        _followed.Clear();
        _lists.Clear();
        var lister = _random.Next(_world.People.Count);
        _lists.Add((lister, await ClientList.FetchAsync(_clients[lister], _random.Next(_nodes.Count))));
        for (var i = 0; i < Followers; i++)
        {
            var room = _world.Rooms[_random.Next(_world.Rooms.Count)];
            if (room.Members.Count == 0)
                continue;
            var person = room.Members.Keys.ElementAt(_random.Next(room.Members.Count));
            var fetched = await ClientRoom.FetchAsync(_clients[person], _random.Next(_nodes.Count), room.Id);
            _followed.Add((person, room.Index, fetched.ShouldNotBeNull()));
        }
    }

    private static void Same(object? expected, object? actual, string what)
    {
        var difference = Lines.Difference(Lines.OfObject(expected), Lines.OfObject(actual));
        difference.ShouldBeEmpty(what);
    }

    private void Note(Command command, string how = "")
    {
        Steps++;
        _history.Enqueue($"{Steps}: {how}{JsonSerializer.Serialize(command, OnlyWhatIsGiven)}");
        if (_history.Count > 12)
            _history.Dequeue();
    }
}
