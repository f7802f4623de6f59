using Chat.Model.Runs;

namespace Chat.Model.Rules;

/// <summary>Random commands go everywhere: in the model alone, every command is done and every code is met.</summary>
public sealed class GeneratorTests
{
    private static readonly string[] Codes =
    [
        "FORBIDDEN", "NOT_FOUND", "INVALID_INPUT", "DIRECT_WITH_ONESELF", "INVITE_LINK_INVALID", "MESSAGE_DELETED",
        "MESSAGE_MENTION_NOT_MEMBER", "MESSAGE_NOT_AUTHOR", "MESSAGE_THREAD_NESTED", "MESSAGE_TOO_OLD",
        "ROOM_ARCHIVED", "ROOM_BANNED", "ROOM_DIRECT", "ROOM_GUESTS_CANNOT_POST", "ROOM_GUEST_ROLE", "ROOM_LAST_OWNER",
        "ROOM_MEMBERS_CANNOT_INVITE", "ROOM_MEMBERS_CANNOT_PIN", "ROOM_MEMBER_BANNED", "ROOM_MUTED",
        "ROOM_OWNER_STAYS", "ROOM_PUBLIC_ENCRYPTED", "ROOM_ROLE_NOT_LOWER", "ROOM_SLOW_MODE",
        "SERVER_OWNER_NOT_ERASABLE",
    ];

    [Fact]
    public void Random_commands_meet_every_answer()
    {
        const int seed = 7;
        var world = new World([.. Enumerable.Range(0, 10).Select(i => new Person(
            i, $"p{i}", Guid.NewGuid(), i == 0 ? "OWNER" : i == 1 ? "ADMIN" : i < 8 ? "MEMBER" : "GUEST"))]);
        var random = new Random(seed);
        var generator = new Generator(random, nodes: 1, "w");
        var now = Nodes.Start;
        var (met, done) = (new Dictionary<string, int>(), new Dictionary<string, int>());
        foreach (var command in Beginnings.Of("w"))
            world.Apply(command, now).Refusal.ShouldBeNull(command.ToString());
        for (var i = 0; i < 20_000; i++)
        {
            if (i % 60 == 0)
            {
                now = now.AddSeconds(random.Next(4) == 0 ? 90_000 : random.Next(60));
                Retention.Pass(world, now);
            }

            var command = generator.Next(world);
            var answer = world.Apply(command, now);
            if (answer.Refusal is { } code)
                met[code] = met.GetValueOrDefault(code) + 1;
            else
                done[command.Name] = done.GetValueOrDefault(command.Name) + 1;
            if (command.Name == "eraseAccount" && answer.Changed)
                world.People.Add(world.People[command.By] with { Index = world.People.Count, ErasedAt = null });
            if (command.Name == "postMessage" && answer.Changed)
                world.Rooms[command.Room].MessageIds[answer.Position] = Guid.NewGuid();
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{string.Join(' ', done.OrderBy(one => one.Value))}\n{string.Join(' ', met.OrderBy(one => one.Value))}");
        Codes.Except(met.Keys).ShouldBeEmpty();
        Generator.Kinds.Except(done.Keys).ShouldBeEmpty();
        world.Rooms.SelectMany(room => room.Happenings).ShouldContain(one => one.Type == "HistoryExpired");
        done.Values.Sum().ShouldBeGreaterThan(met.Values.Sum() / 2);
    }
}
