using Chat.Api.Hosting;
using Chat.Api.Realtime;
using Chat.Api.Realtime.Backplanes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Api.Tests.Realtime;

/// <summary>What happens to who types at an inconvenient moment.</summary>
public sealed class TypingTests(ChatServer server) : IClassFixture<ChatServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_just_joined_on_another_node_may_type()
    {
        await using var other = new ChatServer { ConnectionString = server.DatabaseConnection };
        other.Settings["Chat:NodeName"] = "other";
        await other.InitializeAsync();
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        using var there = await other.PersonAsync("Bob");
        using var here = there.At(server.Address);
        await using var connection = await server.Database.OpenConnectionAsync(Ct);
        await using var standstill = await connection.BeginTransactionAsync(Ct);
        // No read model shows the join yet, and no node has been told of it by them.
        await using (var hold = new NpgsqlCommand("lock table chat_read.rooms in share mode", connection))
            await hold.ExecuteNonQueryAsync(Ct);
        var joining = there.JoinAsync(room);
        await Eventually.TrueAsync(
            async () => await server.CountAsync($"select version from mt_streams where id = '{room}'") == 2);

        await here.TypeAsync(room);

        await standstill.RollbackAsync(Ct);
        await joining;
    }

    [Fact]
    public async Task A_typing_that_is_renewed_during_the_sweep_goes_on()
    {
        var clock = new InterruptedClock();
        using var signals = new Signals(
            new InProcessBackplane(), new ChatOptions(), clock, NullLogger<Signals>.Instance);
        using var typing = new TypingRooms(signals, clock);
        var room = Guid.NewGuid();
        var people = Enumerable.Range(0, 5_000).Select(_ => Guid.NewGuid()).ToList();
        people.ForEach(person => typing.Set(room, person, typing: true));
        await typing.StartAsync(Ct);
        clock.Advance(TypingRooms.EndsAfter);
        // Those who come last in the sweep come first here.
        var renewal = await clock.AtNextLook(() => Task.Run(
            () => Enumerable.Reverse(people).ToList().ForEach(person => typing.Set(room, person, typing: true)), Ct));
        await renewal;
        // The next look is the next sweep's.
        await clock.AtNextLook(() => Task.CompletedTask);

        typing.In(room, exceptId: Guid.Empty).Count.ShouldBe(people.Count);

        clock.Advance(TypingRooms.EndsAfter);
        await Eventually.TrueAsync(() => Task.FromResult(typing.In(room, exceptId: Guid.Empty).Count == 0));
        await typing.StopAsync(Ct);
    }

    /// <summary>Stands still until it is moved, and lets something begin when it is looked at next.</summary>
    private sealed class InterruptedClock : TimeProvider
    {
        private readonly ManualClock _time = new(DateTimeOffset.UnixEpoch);
        private Action? _interruption;

        public void Advance(TimeSpan time) => _time.Advance(time);

        public Task<Task> AtNextLook(Func<Task> begin)
        {
            var begun = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
            _interruption = () => begun.SetResult(begin());
            return begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        }

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Exchange(ref _interruption, null)?.Invoke();
            return _time.GetUtcNow();
        }
    }
}
