using System.Buffers.Text;
using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Realtime;
using Chat.Domain;
using Chat.Domain.Rooms;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Rooms;

namespace Chat.Api.Rooms;

/// <summary>
/// The path of commands on invite links. A link is a stream of its own; coming in by one is an append to two streams,
/// the room's and the link's, each under the condition that its part of the decision rests on.
/// </summary>
internal sealed class InviteLinkCommands(
    EventLog log, RoomStates states, SnapshotSource snapshots, ReadModelsFollower readModels, TimeProvider clock)
{
    private const string StreamType = "invite_link";
    private const int CodeBytes = 16;

    /// <summary>The code of the new link, or why there is none.</summary>
    public async Task<(string? Code, Refusal? Refusal)> CreateAsync(
        Command command, Session session, Caller caller, Guid roomId, Func<Guid, string, CreateInviteLink> create,
        CancellationToken ct)
    {
        var linkId = command.FirstEventId(session.Account.Id, clock);
        var metadata = await command.MetadataAsync(log, session, caller, ct);
        // The same command makes the same code, which nobody can guess who has not the account's key.
        var secret = await log.Keys.HmacAsync(session.Account.Id, linkId.ToByteArray(bigEndian: true), ct);
        var code = Base64Url.EncodeToString(secret.AsSpan(0, CodeBytes));
        if (await command.FirstResultAsync(log, linkId, metadata, ct) is { } first)
            return first.Refusal is null ? (code, null) : (null, first.Refusal);

        var state = await states.FreshAsync(roomId, ct);
        var decision = state is null
            ? Refusal.NotFound
            : create(linkId, InviteLink.HashOf(code)).Decide(
                state.Room, await CountOpenAsync(roomId, ct), clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
            return (null, refusal);
        var result = await log.AppendAsync(
            AppendTo(linkId, [.. decision.Events], linkId, AppendCondition.NoStream, metadata), ct);
        await readModels.WaitForAsync(result.LastSequence, ct);
        return Command.ReuseOf(result, metadata) is { } reused ? (null, reused) : (code, null);
    }

    public async Task<Refusal?> RevokeAsync(
        Command command, Session session, Caller caller, Guid roomId, string codeHash, CancellationToken ct)
    {
        var firstEventId = command.FirstEventId(session.Account.Id, clock);
        var metadata = await command.MetadataAsync(log, session, caller, ct);
        if (await command.FirstResultAsync(log, firstEventId, metadata, ct) is { } first)
            return first.Refusal;
        var revoke = new RevokeInviteLink(session.Account.Actor);
        for (var attempt = 0; attempt < RoomCommands.AttemptsMax; attempt++)
        {
            var state = await states.FreshAsync(roomId, ct);
            var found = await FindAsync(codeHash, ct);
            var decision = state is null
                ? Refusal.NotFound
                : revoke.Decide(state.Room, found?.Link, clock.GetUtcNow());
            if (decision.Events.Count == 0)
                return decision.Refusal;
            try
            {
                var condition = AppendCondition.Untouched(found!.Version, InviteLink.RevokedTag);
                var result = await log.AppendAsync(
                    AppendTo(found.Link.Id, [.. decision.Events], firstEventId, condition, metadata), ct);
                await readModels.WaitForAsync(result.LastSequence, ct);
                return Command.ReuseOf(result, metadata);
            }
            catch (ConcurrencyException)
            {
                // Somebody else revoked it: decided again above.
            }
        }

        return Refusal.Conflict;
    }

    public async Task<RoomOutcome> AcceptAsync(
        Command command, Session session, Caller caller, string codeHash, CancellationToken ct)
    {
        var firstEventId = command.FirstEventId(session.Account.Id, clock);
        var metadata = await command.MetadataAsync(log, session, caller, ct);
        if (await command.FirstResultAsync(log, firstEventId, metadata, ct) is { } first)
        {
            await readModels.WaitForAsync(first.Found.LastSequence, ct);
            return new RoomOutcome(first.Found.StreamId, firstEventId, first.Found.LastVersion, first.Refusal);
        }

        var accept = new AcceptInviteLink(session.Account.Actor);
        for (var attempt = 0; attempt < RoomCommands.AttemptsMax; attempt++)
        {
            var found = await FindAsync(codeHash, ct);
            var state = found is null ? null : await states.FreshAsync(found.Link.RoomId, ct);
            var decision = accept.Decide(state?.Room, found?.Link, clock.GetUtcNow());
            if (decision.Events.Count == 0)
                return new RoomOutcome(
                    found?.Link.RoomId ?? Guid.Empty, firstEventId, state?.Version ?? 0, decision.Refusal);
            try
            {
                return await AppendAsync(accept, found!, state!, decision, firstEventId, metadata, ct);
            }
            catch (ConcurrencyException)
            {
                // The room or the link changed meanwhile: decided again above.
            }
        }

        return new RoomOutcome(Guid.Empty, firstEventId, 0, Refusal.Conflict);
    }

    private async Task<RoomOutcome> AppendAsync(
        AcceptInviteLink accept, FoundLink found, RoomState state, Decision<RoomEvent> decision, Guid firstEventId,
        EventMetadata metadata, CancellationToken ct)
    {
        var roomId = state.Room.Id;
        var results = await log.AppendAllAsync(
        [
            new Append
            {
                StreamId = roomId,
                StreamType = RoomCommands.StreamType,
                Events = RoomCommands.Tagged(decision.Events, firstEventId),
                Condition = AppendCondition.Untouched(state.Version, [.. accept.RestsOn(found.Link)]),
                Metadata = metadata,
            },
            AppendTo(
                found.Link.Id, [accept.Use], CommandIds.Event(firstEventId, decision.Events.Count),
                AppendCondition.Untouched(found.Version, [.. found.Link.RestsOn]), metadata),
        ], ct);
        await readModels.WaitForAsync(results.Max(result => result.LastSequence), ct);
        return new RoomOutcome(
            roomId, firstEventId, results[0].LastVersion, Command.ReuseOf(results[0], metadata));
    }

    private static Append AppendTo(
        Guid linkId, IReadOnlyList<InviteLinkEvent> events, Guid firstEventId, AppendCondition condition,
        EventMetadata metadata) => new()
        {
            StreamId = linkId,
            StreamType = StreamType,
            Events =
            [
                .. events.Select((e, i) =>
                    new NewEvent(CommandIds.Event(firstEventId, i), e) { Tags = InviteLink.TagsOf(e) }),
            ],
            Condition = condition,
            Metadata = metadata,
        };

    private async Task<int> CountOpenAsync(Guid roomId, CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        return await new InviteLinkReader(snapshot).CountOpenAsync(roomId, clock.GetUtcNow(), ct);
    }

    // The row of the read model, brought forward by later events of the link.
    private async Task<FoundLink?> FindAsync(string codeHash, CancellationToken ct)
    {
        InviteLinkRow? row;
        await using (var snapshot = new ReadSnapshot(snapshots))
            row = await new InviteLinkReader(snapshot).FindAsync(codeHash, ct);
        if (row is null)
            return null;
        var (link, version) = (row.ToFact(), row.Position);
        await foreach (var stored in log.ReadStreamAsync(row.Id, version + 1, cancellationToken: ct))
            (link, version) = (InviteLink.Evolve(link, (InviteLinkEvent)stored.Data), stored.Version);
        return new FoundLink(link, version);
    }

    private sealed record FoundLink(InviteLink Link, long Version);
}
