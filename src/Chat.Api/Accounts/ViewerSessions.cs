namespace Chat.Api.Accounts;

[GraphQLName("Session")]
[GraphQLDescription("Where the viewer is signed in.")]
public sealed record SessionView(
    Guid Id, DateTimeOffset CreatedAt,
    [property: GraphQLDescription("To the minute.")]
    DateTimeOffset LastSeenAt,
    string? UserAgent,
    [property: GraphQLDescription("Whether it is the session that asks.")]
    bool Current);

[ObjectType<Viewer>]
internal static class ViewerSessions
{
    [GraphQLDescription("The viewer's live sessions, the last used first.")]
    public static async Task<IReadOnlyList<SessionView>> SessionsAsync(
        [Parent] Viewer viewer, [GlobalState] Caller caller, SessionRows sessions, CancellationToken ct)
    {
        var current = await caller.SessionAsync(ct);
        var rows = await sessions.OfAccountAsync(viewer.Id, ct);
        return
        [
            .. rows.Select(row => new SessionView(
                row.Id, row.CreatedAt, row.LastSeenAt, row.UserAgent, row.Id == current?.Id)),
        ];
    }
}
