using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Chat.Api.Tests.Hosting;

/// <summary>What is served agrees with the public contract, and the web client's copy is what is served.</summary>
public sealed partial class SchemaTests(ChatServer server) : IClassFixture<ChatServer>
{
    private static readonly string[] ServedMutations =
    [
        "register", "signIn", "enterAsGuest", "upgradeGuest", "refreshSession", "signOut", "revokeSession",
        "changePassword", "requestPasswordReset", "resetPassword", "verifyEmail", "updateProfile", "eraseAccount",
        "setServerRole", "createBot", "createRoom", "joinRoom", "leaveRoom", "postMessage",
    ];

    /// <summary>What the server has beyond the contract, which may be extended.</summary>
    private static readonly string[] Extensions =
    [
        "Mutation.changeEmail", "ChangeEmailInput.", "Mutation.requestEmailVerification", "Mutation.revokeBot",
        "RevokeBotInput.", "Query.reports", "Report.", "ReportConnection.",
    ];

    [Fact]
    public async Task Every_served_member_is_spelled_and_typed_as_in_the_contract()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var served = Members(await http.GetStringAsync("/graphql/schema.graphql"));
        var contract = Members(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "contract.graphql")));
        served.Count.ShouldBeGreaterThan(80);
        foreach (var (name, type) in served.Where(member => !Extensions.Any(member.Key.StartsWith)))
            contract.ShouldContainKeyAndValue(name, type);
        foreach (var mutation in ServedMutations)
            served.ShouldContainKey($"Mutation.{mutation}");
        served.ShouldContainKey("Subscription.roomEvents");
    }

    [Fact]
    public async Task The_web_clients_schema_is_the_served_one()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var served = await http.GetStringAsync("/graphql/schema.graphql");
        var copy = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "web-schema.graphql"));
        copy.ShouldBe(served, "run ops/schema and commit src/chat-web/schema.graphql");
    }

    [Fact]
    public async Task Malformed_requests_get_a_status_and_an_error()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var malformed = await http.PostAsync(
            "/graphql", new StringContent("{ not json", null, "application/json"));
        ((int)malformed.StatusCode).ShouldBe(400);
        using var wrongType = await http.PostAsync("/graphql", new StringContent("{}", null, "text/plain"));
        ((int)wrongType.StatusCode).ShouldBe(415);
        using var empty = await http.PostAsJsonAsync("/graphql", new { });
        ((int)empty.StatusCode).ShouldBe(400);
        (await empty.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetArrayLength().ShouldBe(1);
    }

    // "Type.field" and "Type.field(argument)" with their types; enum values and input fields likewise.
    private static Dictionary<string, string> Members(string sdl)
    {
        sdl = Descriptions().Replace(Comments().Replace(sdl, ""), "");
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match type in Blocks().Matches(sdl))
        {
            var name = type.Groups["name"].Value;
            if (type.Groups["kind"].Value == "enum")
            {
                var values = type.Groups["body"].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                foreach (var value in values)
                    members[$"{name}.{value}"] = "";
                continue;
            }

            foreach (Match field in Fields().Matches(type.Groups["body"].Value))
            {
                members[$"{name}.{field.Groups["name"].Value}"] = field.Groups["type"].Value;
                foreach (Match argument in Arguments().Matches(field.Groups["arguments"].Value))
                {
                    members[$"{name}.{field.Groups["name"].Value}({argument.Groups["name"].Value})"] =
                        Spaces().Replace(argument.Groups["type"].Value, "");
                }
            }
        }

        return members;
    }

    [GeneratedRegex("""(?<kind>type|interface|input|enum)\s+(?<name>\w+)[^{]*\{(?<body>[^}]*)\}""")]
    private static partial Regex Blocks();

    [GeneratedRegex("""(?<name>\w+)(\((?<arguments>[^)]*)\))?\s*:\s*(?<type>[\w!\[\]]+)""")]
    private static partial Regex Fields();

    [GeneratedRegex("""(?<name>\w+)\s*:\s*(?<type>[\w!\[\]]+(\s*=\s*\w+)?)""")]
    private static partial Regex Arguments();

    [GeneratedRegex("#.*")]
    private static partial Regex Comments();

    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"|\"[^\"\\n]*\"")]
    private static partial Regex Descriptions();

    [GeneratedRegex("\\s")]
    private static partial Regex Spaces();
}
