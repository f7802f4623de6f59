using System.Text.Json;
using Chat.Model.Equality;
using Chat.Model.Rules;

namespace Chat.Model.Runs;

/// <summary>One world of people and rooms, on the server and in the model, step by step the same.</summary>
internal sealed class WorldRun
{
    private const int RaceMax = 6;
    private const int Followers = 3;
    private const int CheckedPeople = 2;

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
    private readonly Checks _checks;
    private readonly string _name;
    private readonly Client _owner;
    private int _rounds;

    private WorldRun(
        Nodes nodes, string name, int seed, Client owner, List<Client> clients, IEnumerable<Person> people)
    {
        (_nodes, _name, _owner, _clients) = (nodes, name, owner, clients);
        _random = new Random(seed);
        _generator = new Generator(_random, nodes.Count, name);
        _world = new World(people);
        _checks = new Checks(nodes, name, _world, clients, _random);
    }

    public int Steps { get; private set; }

    private DateTimeOffset Now => _nodes.Clock.GetUtcNow();

    /// <summary>Ten people: of the server's OWNER there is one for all worlds, the others have an ADMIN.</summary>
    public static async Task<WorldRun> StartAsync(Nodes nodes, string name, int seed, Client? owner)
    {
        var (clients, people) = (new List<Client>(), new List<Person>());
        for (var i = 0; i < 10; i++)
        {
            var role = i >= 8 ? "GUEST" : i == 0 && owner is null ? "OWNER" : i <= 1 ? "ADMIN" : "MEMBER";
            var client = await EnterAsync(nodes, $"{name}-{i}", role, owner ?? clients.FirstOrDefault());
            clients.Add(client);
            people.Add(new Person(i, $"{name}-{i}", client.Id, role));
        }

        var run = new WorldRun(nodes, name, seed, owner ?? clients[0], clients, people);
        foreach (var command in Beginnings.Of(name))
            await run.DoAsync(command);
        return run;
    }

    public Client Owner => _owner;

    public Task RefreshAsync() =>
        Task.WhenAll(_world.Present.Select(person => _clients[person.Index].RefreshAsync()));

    /// <summary>The time was moved.</summary>
    public void Pass() => Retention.Pass(_world, Now);

    public async Task RunAsync(int steps, bool isLast)
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

            await CheckAsync(everything: isLast);
            // Twice as much to catch up with, half as often: most of a client's work is its fetches.
            if (_rounds++ % 2 == 0 || isLast)
                await CatchUpAsync();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"World {_name}, step {Steps}: {e.Message}\nLast steps:\n{string.Join('\n', _history)}\n"
                + $"People and rooms as the model last had them:\n{_world.Summary}\n{_nodes.Output}",
                e);
        }
    }

    private static async Task<Client> EnterAsync(Nodes nodes, string name, string role, Client? owner)
    {
        var client = nodes.Client();
        await (role == "GUEST" ? client.EnterAsGuestAsync(name) : client.RegisterAsync(name));
        if (role == "ADMIN")
            await AppointAsync(owner!, client.Id);
        return client;
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
            await LearnAsync(command, expected, reply);
        // Sent again, to another node: the same answer, and nothing happens.
        if (_random.Next(25) == 0 && command.Name
            is not ("createInviteLink" or "markRead" or "setNotifyLevel" or "eraseAccount"))
        {
            var other = (command.Node + 1) % _nodes.Count;
            var again = await Sender.SendAsync(_clients[command.By], other, request);
            (again.Refusal, again.Position).ShouldBe((reply.Refusal, reply.Position), $"{command} a second time");
        }
    }

    private async Task LearnAsync(Command command, Answer expected, Reply reply)
    {
        switch (command.Name)
        {
            case "createRoom":
                _world.Rooms[^1].Id = reply.Id.ShouldNotBeNull();
                break;
            case "openDirect":
                var direct = _world.Rooms.Last(room => room.IsDirect && room.IsEncrypted == command.Flag
                    && room.Members.ContainsKey(command.By) && room.Members.ContainsKey(command.Other));
                if (expected.Changed)
                    direct.Id = reply.Id.ShouldNotBeNull();
                reply.Id.ShouldBe(direct.Id);
                break;
            case "createInviteLink":
                _world.Links[^1] = _world.Links[^1] with { Code = reply.Code.ShouldNotBeNull() };
                break;
            case "postMessage":
                _world.Rooms[command.Room].MessageIds[expected.Position] = reply.Id.ShouldNotBeNull();
                break;
            case "eraseAccount":
                await ReplaceAsync(_world.People[command.By], command.Node);
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

    // Somebody of the same kind comes in the place of who is gone, and whose session is over.
    private async Task ReplaceAsync(Person gone, int node)
    {
        var data = await _clients[gone.Index].DataAsync(node, "{ viewer { user { id } } }");
        data.GetProperty("viewer").ValueKind.ShouldBe(JsonValueKind.Null);
        var (index, name) = (_world.People.Count, $"{_name}-{_world.People.Count}");
        var client = await EnterAsync(_nodes, name, gone.ServerRole, _owner);
        _clients.Add(client);
        _world.People.Add(new Person(index, name, client.Id, gone.ServerRole));
    }

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
            var command = commands[index].Command;
            // Whom a guest knows of is a fact of all rooms, which the server looks up when the command comes: it is not
            // undone by what happens in this room before the command has its turn.
            var known = _world.Knows(_world.People[command.By], _world.People[command.Other]);
            var answer = next.Apply(command with { IsOtherKnown = known }, now);
            answer.ShouldBe(
                new Answer(null, last, Changed: true), $"{commands[index].Command} at once, in order {order.Count}");
            replies[index].Refusal.ShouldBeNull(commands[index].Command.ToString());
            replies[index].Position.ShouldBe(last);
            if (commands[index].Command.Name == "postMessage")
                next.Rooms[roomIndex].MessageIds[last] = replies[index].Id.ShouldNotBeNull();
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
        var readers = _world.Present.Where(_world.Rooms[roomIndex].Reads).ToList();
        if (readers.Count > 0)
            await _checks.RoomAsync(_world.Rooms[roomIndex], readers[_random.Next(readers.Count)]);
    }

    // The list of everybody, with all counts; everything for some, in the last round for all.
    private async Task CheckAsync(bool everything)
    {
        foreach (var person in _world.Present)
            await _checks.ViewerAsync(person);
        var chosen = everything ? _world.Present : [.. _world.Present.OrderBy(_ => _random.Next()).Take(CheckedPeople)];
        foreach (var person in chosen)
            await _checks.AllAsync(person);
    }

    // What was fetched some time ago catches up; then others fetch.
    private async Task CatchUpAsync()
    {
        foreach (var (person, index, stale) in _followed.Where(one => !_world.People[one.Person].IsErased))
        {
            await new Follower(_world, _world.People[person], _clients[person], _world.Rooms[index], stale)
                .CatchUpAsync(_nodes, _random.Next(_nodes.Count));
        }

        foreach (var (person, stale) in _lists.Where(one => !_world.People[one.Person].IsErased))
            await stale.CatchUpAsync(_nodes, _random.Next(_nodes.Count), _world, _world.People[person]);
        _followed.Clear();
        _lists.Clear();
        var lister = _world.Present[_random.Next(_world.Present.Count)].Index;
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

    private void Note(Command command, string how = "")
    {
        Steps++;
        _history.Enqueue($"{Steps}: {how}{JsonSerializer.Serialize(command, OnlyWhatIsGiven)}");
        if (_history.Count > 12)
            _history.Dequeue();
    }
}
