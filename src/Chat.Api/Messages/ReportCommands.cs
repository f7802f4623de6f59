using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Api.Realtime;
using Chat.Api.Rooms;
using Chat.Domain;
using Chat.Domain.Messages;
using Chat.EventStore;

namespace Chat.Api.Messages;

/// <summary>The path of reports: each is a stream of its own, whose id follows from message and person.</summary>
internal sealed class ReportCommands(
    EventLog log, RoomStates states, MessageFactsSource source, ReadModelsFollower readModels, TimeProvider clock)
{
    private const string StreamType = "report";

    /// <summary>Null: the report is there.</summary>
    public async Task<Refusal?> RunAsync(
        Command command, Session session, Caller caller, ReportMessage report, CancellationToken ct)
    {
        var firstEventId = command.FirstEventId(session.Account.Id, clock);
        var metadata = await command.MetadataAsync(log, session, caller, ct);
        if (await command.FirstResultAsync(log, firstEventId, metadata, ct) is { } first)
            return first.Refusal;
        var decision = await DecideAsync(report, ct);
        if (decision.Events.Count == 0)
            return decision.Refusal;
        try
        {
            var result = await log.AppendAsync(
                new Append
                {
                    StreamId = report.ReportId,
                    StreamType = StreamType,
                    Events = [.. decision.Events.Select((e, i) => new NewEvent(CommandIds.Event(firstEventId, i), e))],
                    Condition = AppendCondition.NoStream,
                    Metadata = metadata,
                },
                ct);
            await readModels.WaitForAsync(result.LastSequence, ct);
            return Command.ReuseOf(result, metadata);
        }
        catch (ConcurrencyException)
        {
            // The same person has just reported it, by another command: it is as they want it.
            return null;
        }
    }

    private async Task<Decision<ReportEvent>> DecideAsync(ReportMessage report, CancellationToken ct)
    {
        if (await source.FindAsync(report.MessageId, reactorId: null, ct) is not { } facts
            || await states.FreshAsync(facts.RoomId, ct) is not { } state)
            return Refusal.NotFound;
        facts = await source.ForwardAsync(facts, state.Version, ct);
        var isReported = await log.FetchStreamStateAsync(report.ReportId, ct) is not null;
        return report.Decide(state.Room, facts[report.MessageId], isReported);
    }
}
