using System.Reflection;
using System.Text.RegularExpressions;
using Chat.Domain.Accounts;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;

namespace Chat.Domain.Tests;

/// <summary>docs/errors.md is the list of the refusals in the code.</summary>
public sealed partial class RefusalTests
{
    /// <summary>Codes that stand for a kind of refusal; all others have one place.</summary>
    private static readonly string[] Shared = ["FORBIDDEN", "INVALID_INPUT", "NOT_FOUND"];

    /// <summary>Refusals that no single command owns, and where they are answered.</summary>
    private static readonly Dictionary<Type, string> Concepts = new()
    {
        [typeof(Refusal)] = "every command",
        [typeof(Account)] = "commands on accounts, invitations",
        [typeof(InviteLink)] = "`acceptInviteLink`, `revokeInviteLink`",
        [typeof(MailToken)] = "`verifyEmail`, `resetPassword`",
        [typeof(Message)] = "commands on messages",
        [typeof(MessageText)] = "`postMessage`, `editMessage`",
        [typeof(Password)] = "`changePassword`, `changeEmail`, `eraseAccount`",
        [typeof(Room)] = "commands on rooms and messages",
    };

    private static readonly List<(Type Owner, Refusal Refusal)> All =
    [
        .. from type in typeof(Refusal).Assembly.GetTypes()
           from field in type.GetFields(BindingFlags.Static | BindingFlags.Public)
           where field.FieldType == typeof(Refusal)
           select (type, (Refusal)field.GetValue(null)!),
    ];

    [Fact]
    public void The_document_lists_every_refusal() => Markdown.ShouldBeAsWritten(Document(), "docs/errors.md");

    [Fact]
    public void Codes_are_stable_names_with_one_place_each()
    {
        All.ShouldAllBe(one => UpperSnake().IsMatch(one.Refusal.Code));
        All.Select(one => one.Refusal).ShouldAllBe(refusal => refusal.Message.EndsWith('.'));
        var severalPlaces = All.GroupBy(one => one.Refusal.Code).Where(group => group.Count() > 1);
        severalPlaces.Select(group => group.Key).Order(StringComparer.Ordinal).ShouldBe(Shared);
    }

    [Fact]
    public void Each_refusal_has_a_command_or_a_known_place()
    {
        foreach (var (owner, refusal) in All)
            (IsCommand(owner) || Concepts.ContainsKey(owner)).ShouldBeTrue($"{owner.Name}: {refusal.Code}");
    }

    private static string Document() =>
        $"""
        # Errors

        Generated from the refusals in `src/Chat.Domain`. Mutations answer them in `errors` of their payload, queries
        and subscriptions in `extensions.code`. Codes never change; the sentences may.

        {Markdown.Row("code", "says", "field", "answered by")}
        {Markdown.Row("---", "---", "---", "---")}
        {string.Join('\n', Rows())}

        Codes of the API itself, around every command:

        | code | when |
        | --- | --- |
        | `INVALID_INPUT` | the input has not the right form or size; `field` says which |
        | `RATE_LIMITED` | too many in a time; `retryAfterMs` says when to try again |
        | `UNAVAILABLE` | the command was not decided in time; retry with the same commandId |
        | `WRONG_CREDENTIALS` | the e-mail address or the password is wrong (`signIn`) |
        | `SESSION_OVER_SOCKET` | sessions begin and end over HTTP |
        | `INTERNAL` | a fault of the server; `traceId` finds it in the log |

        """.ReplaceLineEndings("\n");

    private static IEnumerable<string> Rows() => All
        .OrderBy(one => one.Refusal.Code, StringComparer.Ordinal)
        .ThenBy(one => one.Owner.Name, StringComparer.Ordinal)
        .ThenBy(one => one.Refusal.Message, StringComparer.Ordinal)
        .Select(one => Markdown.Row(
            $"`{one.Refusal.Code}`",
            one.Refusal.Message,
            one.Refusal.Field is { } field ? $"`{field}`" : "",
            Concepts.GetValueOrDefault(one.Owner) ?? $"`{Mutation(one.Owner.Name)}`"));

    private static bool IsCommand(Type type) => type.GetMethods().Any(method => method.Name == "Decide");

    private static string Mutation(string command) => command switch
    {
        nameof(RegisterAccount) => "register",
        _ => char.ToLowerInvariant(command[0]) + command[1..],
    };

    [GeneratedRegex("^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UpperSnake();
}
