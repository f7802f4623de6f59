namespace Chat.Api.Accounts;

[QueryType]
internal static class UserQueries
{
    public const int SearchLengthMax = 100;

    [GraphQLDescription("A person, or null; guests see people they share a room with.")]
    public static async Task<User?> UserAsync(
        Guid id, [GlobalState] Caller caller, PeopleAccess people, CancellationToken ct)
    {
        var session = await caller.RequireSessionAsync(ct);
        return await people.FindAsync(id, session.Account.Actor, ct) is { } account ? User.From(account) : null;
    }

    [GraphQLDescription("People whose name contains the text, by name; guests see people they share a room with.")]
    public static async Task<IReadOnlyList<User>> UsersAsync(
        string search, [GlobalState] Caller caller, PeopleAccess people, CancellationToken ct, int? first = 20)
    {
        PageArguments.CheckSize("first", first);
        if (search.Length > SearchLengthMax || search.Contains('\0'))
            throw PageArguments.Invalid("search", $"must be text of at most {SearchLengthMax} characters");
        var session = await caller.RequireSessionAsync(ct);
        var found = await people.SearchAsync(search.Trim(), first ?? 20, session.Account.Actor, ct);
        return found.ConvertAll(User.From);
    }
}
