using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Realtime;
using Chat.Domain;
using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Api.Rooms;

/// <summary>What became of a room command: the position of its result, or a refusal.</summary>
internal sealed record RoomOutcome(Guid RoomId, Guid FirstEventId, long Position, Refusal? Refusal = null);

/// <summary>
/// The path of every command on a room: load the state, decide, append under the condition that nothing which the
/// decision rests on has changed, and wait until the read models show it.
/// </summary>
internal sealed class RoomCommands(EventLog log, RoomStates states, ReadModelsFollower readModels, TimeProvider clock)
{
    /// <summary>How often a decision is made again because its ground moved.</summary>
    public const int AttemptsMax = 3;

    public const string StreamType = "room";

    /// <summary>A command's events as they are appended to a room.</summary>
    public static IReadOnlyList<NewEvent> Tagged(IReadOnlyList<RoomEvent> events, Guid firstEventId) =>
        [.. events.Select((e, i) => new NewEvent(CommandIds.Event(firstEventId, i), e) { Tags = Room.TagsOf(e) })];

    public async Task<RoomOutcome> CreateAsync(
        Command command, Session session, Caller caller, Func<Guid, Decision<RoomEvent>> decide, CancellationToken ct)
    {
        // The room takes the id of its first event: a repeated command means the same room.
        var roomId = command.FirstEventId(session.Account.Id, clock);
        var metadata = await command.MetadataAsync(log, session, caller, ct);
        var decision = decide(roomId);
        if (decision.Refusal is { } refusal)
            return await FirstResultAsync(command, roomId, roomId, metadata, ct)
                ?? new RoomOutcome(roomId, roomId, 0, refusal);
        try
        {
            return await AppendAsync(roomId, state: null, decision, roomId, AppendCondition.NoStream, metadata, ct);
        }
        catch (ConcurrencyException)
        {
            // The stream exists without the command's own event: the commandId's event went elsewhere.
            return new RoomOutcome(roomId, roomId, 0, Refusal.CommandIdReused);
        }
    }

    /// <summary>A command on a room that it makes where it is not there.</summary>
    public async Task<RoomOutcome> OpenAsync(
        Command command, Session session, Caller caller, Guid roomId, Func<Room?, Decision<RoomEvent>> decide,
        CancellationToken ct)
    {
        var firstEventId = command.FirstEventId(session.Account.Id, clock);
        var metadata = await command.MetadataAsync(log, session, caller, ct);
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var state = await states.FreshAsync(roomId, ct);
            var decision = decide(state?.Room);
            if (decision.Events.Count == 0)
            {
                if (await FirstResultAsync(command, roomId, firstEventId, metadata, ct) is { } first)
                    return first;
                await readModels.WaitForAsync(log.Tail.Position, ct);
                return new RoomOutcome(roomId, firstEventId, state?.Version ?? 0, decision.Refusal);
            }

            try
            {
                return await AppendAsync(
                    roomId, state: null, decision, firstEventId, AppendCondition.NoStream, metadata, ct);
            }
            catch (ConcurrencyException)
            {
                // Somebody else made it at the same moment: decided again above.
            }
        }

        return new RoomOutcome(roomId, firstEventId, 0, Refusal.Conflict);
    }

    public async Task<RoomOutcome> RunAsync(
        Command command, Session session, Caller caller, Guid roomId, Func<Room, IReadOnlyList<string>> restsOn,
        Func<Room, Guid, Decision<RoomEvent>> decide, CancellationToken ct)
    {
        var firstEventId = command.FirstEventId(session.Account.Id, clock);
        var metadata = await command.MetadataAsync(log, session, caller, ct);
        var (state, fresh) = await states.LoadAsync(roomId, ct);
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var decision = state is null ? Refusal.NotFound : decide(state.Room, firstEventId);
            if (decision.Events.Count > 0)
            {
                try
                {
                    var condition = AppendCondition.Untouched(state!.Version, [.. restsOn(state.Room)]);
                    return await AppendAsync(roomId, state, decision, firstEventId, condition, metadata, ct);
                }
                catch (ConcurrencyException)
                {
                    (state, fresh) = (await states.FreshAsync(roomId, ct), true);
                    continue;
                }
            }

            if (await FirstResultAsync(command, roomId, firstEventId, metadata, ct) is { } first)
                return first;
            if (fresh)
            {
                // What this answer rests on may have been written by somebody else a moment ago: show it.
                await readModels.WaitForAsync(log.Tail.Position, ct);
                return new RoomOutcome(roomId, firstEventId, state?.Version ?? 0, decision.Refusal);
            }

            (state, fresh) = (await states.FreshAsync(roomId, ct), true);
        }

        return new RoomOutcome(roomId, firstEventId, 0, Refusal.Conflict);
    }

    private async Task<RoomOutcome> AppendAsync(
        Guid roomId, RoomState? state, Decision<RoomEvent> decision, Guid firstEventId, AppendCondition condition,
        EventMetadata metadata, CancellationToken ct)
    {
        var result = await log.AppendAsync(new Append
        {
            StreamId = roomId,
            StreamType = StreamType,
            Events = Tagged(decision.Events, firstEventId),
            Condition = condition,
            Metadata = metadata,
        }, ct);
        if (result.AlreadyAppended)
        {
            if (Command.ReuseOf(result, metadata) is { } reused)
                return new RoomOutcome(roomId, firstEventId, 0, reused);
        }
        else if (result.FirstVersion == (state?.Version ?? 0) + 1)
        {
            var position = result.FirstVersion;
            var room = decision.Events.Aggregate(
                state?.Room, (room, e) => Room.Evolve(room, e, new Moment(position++, result.Timestamp)));
            states.Keep(roomId, new RoomState(room!, result.LastVersion));
        }

        await readModels.WaitForAsync(result.LastSequence, ct);
        return new RoomOutcome(roomId, firstEventId, result.LastVersion);
    }

    // A repeated command gets its first result, also where today's rules would say no.
    private async Task<RoomOutcome?> FirstResultAsync(
        Command command, Guid roomId, Guid firstEventId, EventMetadata metadata, CancellationToken ct)
    {
        if (await command.FirstResultAsync(log, firstEventId, metadata, ct) is not var (found, refusal))
            return null;
        if (refusal is null)
            await readModels.WaitForAsync(found.LastSequence, ct);
        return new RoomOutcome(roomId, firstEventId, found.LastVersion, refusal);
    }
}
