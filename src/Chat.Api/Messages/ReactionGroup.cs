using Chat.Api.Accounts;
using Chat.Projections.Messages;

namespace Chat.Api.Messages;

public sealed record ReactionGroup([property: GraphQLIgnore] ReactionGroupRow Row)
{
    public string Emoji => Row.Emoji;

    public int Count => Row.Count;

    [GraphQLIgnore]
    public ReactionKey Key => new(Row.MessageId, Row.Emoji);
}

[ObjectType<ReactionGroup>]
internal static class ReactionGroupType
{
    public const int UsersDefault = 10;

    [GraphQLDescription("The first people who reacted like this.")]
    public static async Task<IReadOnlyList<User>> UsersAsync(
        [Parent] ReactionGroup group, ReactionPeopleLoader people, AccountLoader accounts, CancellationToken ct,
        int? first = UsersDefault)
    {
        PageArguments.CheckSize("first", first);
        var ids = await people.LoadAsync((group.Key, first ?? UsersDefault), ct);
        return await Task.WhenAll(ids.Select(id => accounts.UserAsync(id, ct)));
    }

    public static async Task<bool> ViewerReactedAsync(
        [Parent] ReactionGroup group, [GlobalState] Caller caller, OwnReactionLoader own, CancellationToken ct) =>
        await own.LoadAsync((caller, group.Key), ct);
}
