using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Realtime;
using Chat.Domain;
using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Api.Rooms;

/// <summary>What became of a room command: the position of its result, or a refusal.</summary>
internal sealed record RoomOutcome(Guid RoomId, Guid FirstEventId, long Position, Refusal? Refusal = null)
{
    /// <summary>What was written just now; null for a repetition, and where there was nothing to write.</summary>
    public AppendedEvents? Appended { get; init; }
}

internal sealed record AppendedEvents(IReadOnlyList<RoomEvent> Events, DateTimeOffset At, long LastSequence);

/// <summary>What a command decides, and what that rests on: nothing of it may have changed since the version.</summary>
internal sealed record RoomChoice(Decision<RoomEvent> Decision, long SinceVersion, IReadOnlyList<string> RestsOn);

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
            return await FirstResultAsync(new RoomChange(roomId, roomId, metadata, command), ct)
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
                if (await FirstResultAsync(new RoomChange(roomId, firstEventId, metadata, command), ct) is { } first)
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

    public Task<RoomOutcome> RunAsync(
        Command command, Session session, Caller caller, Guid roomId, Func<Room, IReadOnlyList<string>> restsOn,
        Func<Room, Guid, Decision<RoomEvent>> decide, CancellationToken ct) =>
        RunAsync(
            command, session, caller, roomId,
            (state, eventId) => ValueTask.FromResult(
                new RoomChoice(decide(state.Room, eventId), state.Version, restsOn(state.Room))),
            ct);

    /// <summary>A command whose decision takes more than the room's state.</summary>
    public async Task<RoomOutcome> RunAsync(
        Command command, Session session, Caller caller, Guid roomId,
        Func<RoomState, Guid, ValueTask<RoomChoice>> choose, CancellationToken ct)
    {
        var change = new RoomChange(
            roomId, command.FirstEventId(session.Account.Id, clock),
            await command.MetadataAsync(log, session, caller, ct), command);
        return await RunAsync(change, choose, ct);
    }

    /// <summary>Runs what the server does by itself.</summary>
    public Task<RoomOutcome> RunAsync(
        EventMetadata metadata, Guid roomId, IReadOnlyList<string> restsOn,
        Func<Room, ValueTask<Decision<RoomEvent>>> decideAsync, CancellationToken ct)
    {
        var change = new RoomChange(roomId, Guid.CreateVersion7(clock.GetUtcNow()), metadata, Command: null);
        return RunAsync(
            change,
            async (state, _) => new RoomChoice(await decideAsync(state.Room), state.Version, restsOn),
            ct);
    }

    private async Task<RoomOutcome> RunAsync(
        RoomChange change, Func<RoomState, Guid, ValueTask<RoomChoice>> choose, CancellationToken ct)
    {
        var (roomId, firstEventId, metadata, _) = change;
        var (state, fresh) = await states.LoadAsync(roomId, ct);
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var choice = state is null ? null : await choose(state, firstEventId);
            var decision = choice?.Decision ?? Refusal.NotFound;
            if (decision.Events.Count > 0)
            {
                try
                {
                    var condition = AppendCondition.Untouched(choice!.SinceVersion, [.. choice.RestsOn]);
                    return await AppendAsync(roomId, state, decision, firstEventId, condition, metadata, ct);
                }
                catch (ConcurrencyException)
                {
                    (state, fresh) = (await states.FreshAsync(roomId, ct), true);
                    continue;
                }
            }

            if (await FirstResultAsync(change, ct) is { } first)
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

    /// <summary>A command on what is not there: refused, unless it did its work when it was.</summary>
    public async Task<RoomOutcome> RefuseAsync(
        Command command, Session session, Caller caller, Refusal refusal, CancellationToken ct)
    {
        var firstEventId = command.FirstEventId(session.Account.Id, clock);
        var metadata = await command.MetadataAsync(log, session, caller, ct);
        return await FirstResultAsync(new RoomChange(Guid.Empty, firstEventId, metadata, command), ct)
            ?? new RoomOutcome(Guid.Empty, firstEventId, 0, refusal);
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
        return new RoomOutcome(roomId, firstEventId, result.LastVersion)
        {
            Appended = result.AlreadyAppended
                ? null
                : new AppendedEvents(decision.Events, result.Timestamp, result.LastSequence),
        };
    }

    // A repeated command gets its first result, also where today's rules would say no.
    private async Task<RoomOutcome?> FirstResultAsync(RoomChange change, CancellationToken ct)
    {
        if (change.Command is null
            || await change.Command.FirstResultAsync(log, change.FirstEventId, change.Metadata, ct)
                is not var (found, refusal))
            return null;
        if (refusal is null)
            await readModels.WaitForAsync(found.LastSequence, ct);
        return new RoomOutcome(change.RoomId, change.FirstEventId, found.LastVersion, refusal);
    }

    private sealed record RoomChange(Guid RoomId, Guid FirstEventId, EventMetadata Metadata, Command? Command);
}
