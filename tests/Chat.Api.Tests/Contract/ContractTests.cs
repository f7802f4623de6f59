namespace Chat.Api.Tests.Contract;

/// <summary>The served schema has everything of the public contract, spelled and typed as it is there.</summary>
public sealed class ContractTests(ChatServer server) : IClassFixture<ChatServer>
{
    /// <summary>What later versions bring: not served yet, and no longer here once it is.</summary>
    internal static readonly string[] NotYet =
    [
        "Attachment", "Attachment.*", "Message.attachments",
        "MessageHit", "MessageHit.*", "MessageHitConnection", "MessageHitConnection.*",
        "Query.searchMessages", "Query.searchMessages(*",
        "Mutation.blockUser", "Mutation.blockUser(*",
        "Notification", "Notification.*", "NotificationConnection", "NotificationConnection.*",
        "NotificationKind", "NotificationKind.*", "NotificationAdded", "NotificationAdded.*",
        "ViewerEventPayload | NotificationAdded",
        "Viewer.notifications", "Viewer.notifications(*",
        "Mutation.markNotificationsRead", "Mutation.markNotificationsRead(*",
    ];

    [Fact]
    public async Task The_contract_is_served()
    {
        var (contract, served) = (Contract(), await ServedAsync());
        contract.Members.Count.ShouldBeGreaterThan(400);
        var wrong = contract.Members.Where(member => !IsNotYet(member.Key)).Select(member =>
            !served.Members.TryGetValue(member.Key, out var type) ? $"{member.Key}: not served"
            : type != member.Value ? $"{member.Key}: {type} instead of {member.Value}"
            : null).OfType<string>();
        string.Join('\n', wrong).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_more_than_the_contract_asks_nothing_of_its_clients()
    {
        var (contract, served) = (Contract(), await ServedAsync());
        var demands = served.Required.Where(name =>
            !contract.Members.ContainsKey(name) && contract.Members.ContainsKey(OwnerOf(name)));
        string.Join('\n', demands).ShouldBeEmpty();
        var weaker = served.Required.Where(name =>
            contract.Members.ContainsKey(name) && !contract.Required.Contains(name));
        string.Join('\n', weaker).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_served_yet_is_named_and_only_that()
    {
        var (contract, served) = (Contract(), await ServedAsync());
        string.Join('\n', served.Members.Keys.Where(IsNotYet)).ShouldBeEmpty("it is served: take it off the list");
        foreach (var pattern in NotYet)
            contract.Members.Keys.ShouldContain(name => Matches(name, pattern), $"{pattern} is not in the contract");
    }

    [Fact]
    public void A_member_that_is_missing_or_different_is_found()
    {
        var one = new SchemaDocument("type Query { a(b: Int! = 1): String! } enum E { X Y } input I { f: [Int!] }");
        one.Members.ShouldBe(new Dictionary<string, string>
        {
            ["schema.Query"] = "Query",
            ["Query"] = "type",
            ["Query.a"] = "String!",
            ["Query.a(b)"] = "Int! = 1",
            ["E"] = "enum",
            ["E.X"] = "",
            ["E.Y"] = "",
            ["I"] = "input",
            ["I.f"] = "[Int!]",
        }, ignoreOrder: true);
        new SchemaDocument("union U = A | B interface N { i: ID } type A implements N { i: ID } schema { query: A }")
            .Members.Keys.ShouldBe(
                ["schema.Query", "U", "U | A", "U | B", "N", "N.i", "A", "A implements N", "A.i"], ignoreOrder: true);
    }

    internal static SchemaDocument Contract() => Read("contract.graphql");

    /// <summary>The web client's copy, which is what is served (SchemaTests).</summary>
    internal static SchemaDocument Copy() => Read("web-schema.graphql");

    internal static bool IsNotYet(string name) => Array.Exists(NotYet, pattern => Matches(name, pattern));

    private static bool Matches(string name, string pattern) => pattern.EndsWith('*')
        ? name.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : name == pattern;

    private static string OwnerOf(string name) => name[..name.LastIndexOfAny(['(', '.'])];

    private static SchemaDocument Read(string file) =>
        new(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)));

    private async Task<SchemaDocument> ServedAsync()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        return new SchemaDocument(await http.GetStringAsync("/graphql/schema.graphql"));
    }
}
