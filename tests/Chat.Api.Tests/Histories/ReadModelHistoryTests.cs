using System.Text.Json;
using Chat.Api.Realtime;
using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using Chat.Domain.Tests.Histories;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Messages;
using Chat.Projections.Rooms;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Api.Tests.Histories;

/// <summary>
/// After random histories of many rooms at once, whatever the read models say is what folding the log says, and live
/// rows are those of a rebuild. The seed of a failure is in its message.
/// </summary>
public sealed class ReadModelHistoryTests(ChatServer server) : IClassFixture<ChatServer>
{
    private const int Rooms = 24;
    private const int StepsEach = 160;

    private static readonly TimeSpan HistoryMax = TimeSpan.FromSeconds(StepsEach * 10);

    private readonly int _seed = Environment.TickCount & 0xFFFFFF;

    private EventStore.EventStore Log => server.Services.GetRequiredService<EventStore.EventStore>();

    [Fact]
    public async Task Read_models_are_what_the_log_folds_to()
    {
        TestContext.Current.SendDiagnosticMessage($"seed {_seed}");
        // Half of the mutes are over when the log is written.
        var begin = TimeProvider.System.GetUtcNow() - (HistoryMax / 2);
        var histories = Enumerable.Range(_seed, Rooms)
            .Select(seed => RandomHistory.Make(seed, StepsEach, begin)).ToList();
        foreach (var person in Steps.People)
            await Log.Keys.EnsureAsync(person.Id, default);
        var last = (await Task.WhenAll(histories.Select((history, i) =>
            AppendAsync(history, new Random(_seed + i))))).Max();
        await server.Services.GetRequiredService<ReadModelsFollower>().WaitForAsync(last, default);

        foreach (var history in histories)
            await CompareAsync(history.RoomId);
        var live = await server.DumpAsync();
        foreach (var pageEvents in new[] { 7, 5000 })
        {
            await server.RebuildAsync(pageEvents);
            (await server.DumpAsync()).ShouldBe(live, $"seed {_seed}");
        }
    }

    private async Task<long> AppendAsync(RandomHistory history, Random random)
    {
        var last = 0L;
        for (var i = 0; i < history.Events.Count;)
        {
            var events = history.Events.Skip(i).Take(random.Next(1, 12)).ToList();
            var result = await Log.AppendAsync(
                new Append
                {
                    StreamId = history.RoomId,
                    StreamType = "room",
                    Events = [.. events.Select(e => new NewEvent(Guid.NewGuid(), e))],
                },
                default);
            last = result.LastSequence;
            i += events.Count;
        }

        return last;
    }

    private async Task CompareAsync(Guid roomId)
    {
        var recount = new Recount(roomId);
        await foreach (var stored in Log.ReadStreamAsync(roomId, 1))
            recount.Add((RoomEvent)stored.Data, new Moment(stored.Version, stored.Timestamp));
        var random = new Random(_seed);
        var markers = Steps.People.ToDictionary(person => person.Id, _ => random.NextInt64(recount.Position + 1));
        var state = server.Services.GetRequiredService<MemberState>();
        foreach (var (account, marker) in markers)
            await state.MarkReadAsync(account, roomId, marker, default);

        await using var snapshot = new ReadSnapshot(server.Services.GetRequiredService<SnapshotSource>());
        var (room, position) = (await new RoomStateReader(snapshot).FindAsync(roomId, default)).ShouldNotBeNull();
        position.ShouldBe(recount.Position);
        Text(room).ShouldBe(Text(recount.Room!), $"seed {_seed}");
        (await new RoomReader(snapshot).FindAsync([roomId], default)).Single().MemberCount.ShouldBe(room.Members.Count);

        var rows = await new MessageReader(snapshot).FindAsync(
            [.. recount.Messages.Keys.Select(id => new MessageKey(id, Floor: 0))], default);
        rows.OrderBy(row => row.Position).Select(row => Text(row.ToFact(), row.ReplyCount))
            .ShouldBe(recount.Shown.Select(message => Text(message, recount.RepliesTo(message))), $"seed {_seed}");
        await CompareReactionsAsync(recount, new ReactionReader(snapshot));

        foreach (var (account, marker) in markers)
        {
            var rooms = await new UnreadReader(snapshot).OfMembersAsync([(account, roomId)], default);
            var unread = rooms.SingleOrDefault();
            (unread?.Unread, unread?.Mentions).ShouldBe(
                recount.UnreadOf(account, marker), $"seed {_seed}: {account} read {marker} of {roomId}");
        }
    }

    private async Task CompareReactionsAsync(Recount recount, ReactionReader reactions)
    {
        var ids = recount.Shown.Select(message => message.Id).ToList();
        var groups = (await reactions.GroupsAsync(ids, default)).ToLookup(group => group.MessageId);
        foreach (var id in ids)
        {
            groups[id].Select(group => (group.Emoji, group.Count)).ShouldBe(
                recount.ReactionsTo(id).GroupBy(one => one.Emoji).Select(kind => (kind.Key, kind.Count()))
                    .OrderBy(kind => recount.AppearanceOf(id, kind.Key)),
                $"seed {_seed}");
            foreach (var person in Steps.People)
            {
                var fact = await reactions.FactAsync(id, person.Id, default);
                fact.Own.Order(StringComparer.Ordinal).ShouldBe(
                    recount.ReactionsTo(id).Where(one => one.Account == person.Id).Select(one => one.Emoji)
                        .Order(StringComparer.Ordinal),
                    $"seed {_seed}");
                fact.Counts.Values.Sum().ShouldBe(recount.ReactionsTo(id).Count(), $"seed {_seed}");
            }
        }

        var keys = groups.SelectMany(one => one)
            .Select(group => new ReactionKey(group.MessageId, group.Emoji)).ToList();
        var people = await reactions.PeopleAsync(keys, 2, default);
        foreach (var key in keys)
        {
            people[key].ShouldBe(
                recount.ReactionsTo(key.MessageId).Where(one => one.Emoji == key.Emoji)
                    .Select(one => one.Account).Take(2),
                $"seed {_seed}");
        }
    }

    private static string Text(Room room) => JsonSerializer.Serialize(new
    {
        room.Id,
        room.Kind,
        room.Name,
        room.Topic,
        room.Visibility,
        room.Encrypted,
        room.Archived,
        room.Settings,
        room.ExpiredThrough,
        Members = room.Members.OrderBy(one => one.Key),
        Invited = room.Invited.Order(),
        Banned = room.Banned.Order(),
        MutedUntil = Times(room.MutedUntil),
        SlowPosts = Times(room.SlowPosts),
        Pins = room.Pins.OrderBy(one => one.Key),
    });

    // The database keeps microseconds.
    private static IEnumerable<string> Times(IEnumerable<KeyValuePair<Guid, DateTimeOffset>> times) =>
        times.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value.UtcTicks / TimeSpan.TicksPerMicrosecond}");

    private static string Text(Message message, int replies) => $"{JsonSerializer.Serialize(message)} {replies}";
}
