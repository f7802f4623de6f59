using Chat.Api.Accounts;
using Chat.Api.Commands;
using Chat.Domain.Messages;

namespace Chat.Api.Messages;

public sealed record ReportMessageInput(Guid? CommandId, Guid MessageId, string Reason);

[MutationType]
internal static class ReportMessageMutation
{
    private static readonly ReportMessage.Validator Reports = new();

    [GraphQLDescription("Tells those who moderate of a message. Reporting it again changes nothing.")]
    public static Task<CommandPayload> ReportMessageAsync(
        ReportMessageInput input, [GlobalState] Caller caller, ReportCommands reports, CancellationToken ct) =>
        CommandGate.SignedInAsync(caller, async session =>
        {
            var report = new ReportMessage(input.MessageId, session.Account.Actor, input.Reason);
            var errors = Reports.Check(report);
            if (errors.Count > 0)
                return CommandPayload.Failed(errors);
            var refusal = await reports.RunAsync(
                new Command("reportMessage", input.CommandId, input), session, caller, report, ct);
            return refusal is null ? CommandPayload.Done : CommandGate.Refused<CommandPayload>(refusal);
        }, ct);
}
