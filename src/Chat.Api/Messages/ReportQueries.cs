using System.Globalization;
using Chat.Api.Accounts;
using Chat.Api.Rooms;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Projections.Messages;

namespace Chat.Api.Messages;

[GraphQLDescription("What somebody told those who moderate of a message.")]
public sealed record Report([property: GraphQLIgnore] ReportRow Row)
{
    public Guid Id => Row.Id;

    public Guid RoomId => Row.RoomId;

    public Guid MessageId => Row.MessageId;

    [GraphQLDescription("Empty once who wrote it is erased.")]
    public string Reason => Row.Reason;

    public DateTimeOffset At => Row.ReportedAt;
}

public sealed record ReportConnection(IReadOnlyList<Report> Nodes, PageInfo PageInfo);

[ObjectType<Report>]
internal static class ReportType
{
    public static Task<User> ReporterAsync([Parent] Report report, AccountLoader accounts, CancellationToken ct) =>
        accounts.UserAsync(report.Row.ReporterId, ct);

    [GraphQLDescription("Null where the viewer may not read it: administrators see reports of private rooms, too.")]
    public static Task<MessageView?> MessageAsync(
        [Parent] Report report, [GlobalState] Caller caller, RoomAccessLoader access, MessageLoader messages,
        CancellationToken ct) => messages.VisibleAsync(report.RoomId, report.MessageId, caller, access, ct);
}

[QueryType]
internal static class ReportQueries
{
    [GraphQLDescription(
        "Reports, newest first: of a room, for those who moderate it; of all rooms, for the server's administrators.")]
    public static async Task<ReportConnection> ReportsAsync(
        [GlobalState] Caller caller, RoomAccess access, ReportReader reports, CancellationToken ct,
        Guid? roomId = null, int? first = PageArguments.DefaultSize, string? after = null)
    {
        PageArguments.CheckSize("first", first);
        var start = after is null ? null : DecodeKey(after);
        var actor = (await caller.RequireSessionAsync(ct)).Account.Actor;
        if (!actor.May(ServerPermission.SeeReports))
        {
            var room = roomId is { } id ? await access.FindAsync(id, actor, ct) : null;
            if (room is null)
                throw Refused(roomId is null ? Account.NotAllowed : Refusal.NotFound);
            if (room.Rules.Refuse(Permission.SeeActivity, actor, default) is { } refusal)
                throw Refused(refusal);
        }

        var page = await reports.PageAsync(roomId, first ?? PageArguments.DefaultSize, start, ct);
        return new ReportConnection(
            [.. page.Items.Select(row => new Report(row))], PageInfo.Of(page, row => EncodeKey(row.Key)));
    }

    private static GraphQLException Refused(Refusal refusal) => new(refusal.Message, refusal.Code);

    private static string EncodeKey(ReportKey key) => Cursor.Encode($"{key.Id:N}{key.ReportedAt.UtcTicks}");

    private static ReportKey DecodeKey(string after)
    {
        var text = Cursor.Decode("after", after);
        return text.Length > 32 && Guid.TryParseExact(text[..32], "N", out var id)
            && long.TryParse(text[32..], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.Ticks
                ? new ReportKey(new DateTimeOffset(ticks, TimeSpan.Zero), id)
                : throw PageArguments.Invalid("after", "is not a cursor of this list");
    }
}
