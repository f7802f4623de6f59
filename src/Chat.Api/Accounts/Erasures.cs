using System.Collections.Immutable;
using Chat.Api.Hosting;
using Chat.Api.Rooms;
using Chat.Domain;
using Chat.Domain.Rooms;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Rooms;
using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>
/// What follows from an erasure (DESIGN.md §3). What signs the person in goes with the event, in one transaction; then
/// the data key is destroyed and the rooms are left. All of that is done before the answer; a row remembers it, so that
/// a node that stops in between, or a join that was on its way, leaves nothing behind.
/// </summary>
internal sealed class Erasures(
    EventLog log, NpgsqlDataSource database, SnapshotSource snapshots, RoomCommands rooms, SessionRows sessions,
    Readiness readiness, ChatOptions options, TimeProvider clock, ILogger<Erasures> logger) : BackgroundService
{
    /// <summary>How often erasures are looked for that are not finished.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    /// <summary>Erasures of one look, and rooms of one page.</summary>
    public const int PageMax = 100;

    /// <summary>Beside the event: nothing signs the account in any more, and the rest is remembered.</summary>
    public IReadOnlyList<NpgsqlBatchCommand> Begin(Guid accountId) =>
    [
        Credentials.DropPassword(accountId),
        Credentials.FreeEmail(accountId),
        MailTokens.Drop(accountId, MailTokenKind.Verification, MailTokenKind.Reset),
        sessions.EndAll(accountId),
        Row.Of(
            "insert into chat_auth.erasures (account_id, erased_at) values ($1, $2)",
            accountId, clock.GetUtcNow().UtcDateTime),
    ];

    /// <summary>Destroys the key and leaves the rooms; true when there was no room to leave.</summary>
    public async Task<bool> CompleteAsync(Guid accountId, CancellationToken ct)
    {
        await log.Keys.EraseAsync(accountId, ct);
        for (var page = 0; ; page++)
        {
            var roomIds = await RoomsOfAsync(accountId, ct);
            if (roomIds.Count == 0)
                return page == 0;
            var left = 0;
            foreach (var roomId in roomIds)
                left += await LeaveAsync(accountId, roomId, ct) ? 1 : 0;
            // A room where everybody else keeps changing things is left at the next look.
            if (left == 0)
                return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (readiness.IsDatabaseReady)
                    await FinishAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.Log(Unavailable.Is(e) ? LogLevel.Debug : LogLevel.Error, e, "Erasures were not finished.");
            }
        }
    }

    /// <summary>
    /// Finishes what is old enough that no command of the erased account can be on its way any more.
    /// </summary>
    internal async Task FinishAsync(CancellationToken ct)
    {
        foreach (var accountId in await UnfinishedAsync(ct))
        {
            if (!await CompleteAsync(accountId, ct))
                continue;
            await using var command = database.CreateCommand("delete from chat_auth.erasures where account_id = $1");
            command.Parameters.AddWithValue(accountId);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    private async Task<bool> LeaveAsync(Guid accountId, Guid roomId, CancellationToken ct)
    {
        var remove = new RemoveErasedMember(accountId);
        var metadata = new EventMetadata
        {
            Actor = accountId.ToString(),
            Headers = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [Commands.Command.CommandHeader] = "eraseAccount",
            },
        };
        var outcome = await rooms.RunAsync(metadata, roomId, remove.RestsOn, DecideAsync, ct);
        return outcome.Refusal is null;

        async ValueTask<Decision<RoomEvent>> DecideAsync(Room room) =>
            remove.Decide(room, remove.HasHeir(room) ? await GuestsOfAsync(roomId, ct) : []);
    }

    private async Task<ImmutableHashSet<Guid>> GuestsOfAsync(Guid roomId, CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        return [.. await new MemberReader(snapshot).GuestsAsync(roomId, ct)];
    }

    private async Task<IReadOnlyList<Guid>> RoomsOfAsync(Guid accountId, CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        var memberships = await new MemberReader(snapshot).OfAccountAsync(accountId, PageMax, ct);
        var invitations = await new InvitationReader(snapshot).OfAccountAsync(accountId, PageMax, ct);
        return [.. memberships.Select(row => row.RoomId), .. invitations.Select(row => row.RoomId)];
    }

    private async Task<List<Guid>> UnfinishedAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select account_id from chat_auth.erasures where erased_at < $1 order by erased_at limit $2");
        command.Parameters.AddWithValue((clock.GetUtcNow() - 2 * options.CommandDeadline).UtcDateTime);
        command.Parameters.AddWithValue(PageMax);
        var unfinished = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            unfinished.Add(reader.GetGuid(0));
        return unfinished;
    }
}
