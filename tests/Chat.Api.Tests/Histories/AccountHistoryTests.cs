using Chat.Api.Realtime;
using Chat.Domain.Accounts;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Accounts;
using Chat.Projections.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Api.Tests.Histories;

/// <summary>
/// Accounts in the read models are what their streams fold to, and an erased person's words are gone.
/// </summary>
public sealed class AccountHistoryTests(ChatServer server) : IClassFixture<ChatServer>
{
    private EventStore.EventStore Log => server.Services.GetRequiredService<EventStore.EventStore>();

    [Fact]
    public async Task Accounts_are_what_their_events_say_at_every_step()
    {
        Guid person = Guid.NewGuid(), guest = Guid.NewGuid(), bot = Guid.NewGuid(), by = Guid.NewGuid();
        var streams = new Dictionary<Guid, AccountEvent[]>
        {
            [person] =
            [
                new AccountRegistered(person, "p@example.org", "Pia", ServerRole.Member), new EmailVerified(person),
                new EmailChanged(person, "q@example.org"), new PasswordChanged(person), new EmailVerified(person),
                new ServerRoleChanged(person, ServerRole.Auditor, by), new AccountErased(person),
            ],
            [guest] =
            [
                new GuestEntered(guest, "Gina"), new ProfileUpdated(guest, "Gina B."),
                new GuestUpgraded(guest, "g@example.org", "Gina C.", ServerRole.Member),
            ],
            [bot] = [new BotCreated(bot, "Robo", by), new BotRevoked(bot, by)],
        };
        foreach (var (id, events) in streams)
        {
            await Log.Keys.EnsureAsync(id, default);
            Account? folded = null;
            foreach (var e in events)
            {
                await AppendAsync(id, e);
                folded = Account.Evolve(folded, e);
                await using var snapshot = NewSnapshot();
                (await new AccountReader(snapshot).FactAsync(id, default)).ShouldBe(folded);
            }
        }
    }

    [Fact]
    public async Task With_a_person_goes_what_they_wrote_and_nothing_else()
    {
        Guid pia = Guid.NewGuid(), quinn = Guid.NewGuid(), room = Guid.NewGuid();
        foreach (var (id, name) in new[] { (pia, "Pia"), (quinn, "Quinn") })
        {
            await Log.Keys.EnsureAsync(id, default);
            await AppendAsync(id, new GuestEntered(id, name));
        }

        await AppendAsync(
            room, new RoomCreated(room, "Tea", "", RoomKind.Group, RoomVisibility.Public, Encrypted: false, pia));
        var messages = Enumerable.Range(0, 4).Select(_ => Guid.NewGuid()).ToArray();
        for (var i = 0; i < messages.Length; i++)
            await AppendAsync(room, new MessagePosted(messages[i], i % 2 == 0 ? pia : quinn, $"secret {i}"));
        foreach (var reporter in new[] { pia, quinn })
        {
            var report = Guid.NewGuid();
            await AppendAsync(report, new MessageReported(report, room, messages[0], reporter, "a secret reason"));
        }

        await Log.Keys.EraseAsync(pia, default);
        await AppendAsync(pia, new AccountErased(pia));
        await using (var snapshot = NewSnapshot())
        {
            var page = await new MessageReader(snapshot).PageAsync(
                room, floor: 0, limit: 10, fromEnd: true, after: null, before: null, default);
            page.Items.Select(row => row.Text).ShouldBe(["", "secret 1", "", "secret 3"]);
            (await new ReportReader(snapshot).NewestAsync(room, 10, default)).Select(report => report.Reason)
                .Order(StringComparer.Ordinal).ShouldBe(["", "a secret reason"]);
            var account = (await new AccountReader(snapshot).FindAsync([pia], default)).Single();
            account.DisplayName.ShouldBe("");
            account.ErasedAt.ShouldNotBeNull();
        }

        var live = await server.DumpAsync();
        await server.RebuildAsync();
        (await server.DumpAsync()).ShouldBe(live);
    }

    private ReadSnapshot NewSnapshot() => new(server.Services.GetRequiredService<SnapshotSource>());

    private async Task AppendAsync(Guid stream, object e)
    {
        var append = new Append { StreamId = stream, Events = [new NewEvent(Guid.NewGuid(), e)] };
        var result = await Log.AppendAsync(append, TestContext.Current.CancellationToken);
        await server.Services.GetRequiredService<ReadModelsFollower>()
            .WaitForAsync(result.LastSequence, TestContext.Current.CancellationToken);
    }
}
