using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>Every limit has a range that is checked at start, and is in the table of limits with its code.</summary>
public sealed partial class OptionsTests
{
    private const string Rewrite = "CHAT_REWRITE_LEDGERS";

    private static PropertyInfo[] Limits { get; } = [.. typeof(GraphQLOptions).GetProperties()
        .Where(property => property.PropertyType == typeof(int) || property.PropertyType == typeof(TimeSpan))];

    [Fact]
    public void Values_out_of_range_stop_the_start_and_all_are_listed()
    {
        var exception = Should.Throw<OptionsValidationException>(
            () => new ServiceCollection().AddGraphQLServer(options =>
            {
                options.MaxTokens = 0;
                options.MaxNesting = 5_000;
                options.RequestTimeout = TimeSpan.Zero;
                options.SocketPingInterval = TimeSpan.MaxValue;
            }));
        exception.Failures.Select(problem => problem.Split(" must be ")[0]).ShouldBe(
            ["The field MaxTokens", "The field MaxNesting", "The field RequestTimeout", "The field SocketPingInterval"],
            ignoreOrder: true);
        exception.Message.ShouldContain("The field MaxNesting must be between 1 and 1000.");
    }

    [Fact]
    public void The_defaults_are_within_their_ranges() => new ServiceCollection().AddGraphQLServer();

    [Fact]
    public void Every_limit_has_a_range() => Limits
        .Where(limit => !limit.IsDefined(typeof(RangeAttribute))).Select(limit => limit.Name).ShouldBeEmpty();

    /// <summary>With CHAT_REWRITE_LEDGERS=1 the table is written anew from the documentation of the options.</summary>
    [Fact]
    public void The_table_of_limits_is_up_to_date()
    {
        var path = Repository.File("src", "Chat.GraphQL", "LIMITS.md");
        var options = new GraphQLOptions();
        var documentation = Documentation();
        var rows = Limits.Select(limit =>
            $"| `{limit.Name}` | {Show(limit.GetValue(options)!)} | {documentation[limit.Name]} |");
        var table = string.Join('\n', rows);
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
        {
            File.WriteAllText(
                path, TablePattern().Replace(File.ReadAllText(path), match => match.Groups[1].Value + table + "\n"));
        }

        File.ReadAllText(path).ShouldContain(table, Case.Sensitive, $"Set {Rewrite}=1 if the change is meant.");
    }

    private static readonly string[] RefuseNothing =
    [
        nameof(GraphQLOptions.MinCompressedBytes), nameof(GraphQLOptions.MaxPersistedQueryBytes),
        nameof(GraphQLOptions.StreamReservationTimeout), nameof(GraphQLOptions.StreamKeepAliveInterval),
        nameof(GraphQLOptions.EventBatchWindow), nameof(GraphQLOptions.SharedEventLifetime),
        nameof(GraphQLOptions.MaxSharedEventBytes),
        nameof(GraphQLOptions.MaxMessageChars),
    ];

    [Fact]
    public void The_table_of_limits_names_the_code_of_each()
    {
        var codes = typeof(ErrorCodes).GetFields().Select(code => (string)code.GetValue(null)!).ToList();
        var documentation = Documentation();
        foreach (var limit in Limits)
        {
            var text = documentation[limit.Name];
            var hasCode = codes.Exists(code => text.Contains(code, StringComparison.Ordinal));
            // What a client cannot be told, or does not notice.
            var isSilent = text.Contains("closed with", StringComparison.Ordinal) ||
                text.Contains("dropped", StringComparison.Ordinal) || text.Contains("kept", StringComparison.Ordinal);
            (hasCode || isSilent || RefuseNothing.Contains(limit.Name)).ShouldBeTrue($"{limit.Name}: {text}");
        }
    }

    private static string Show(object value) => value is TimeSpan time
        ? FormattableString.Invariant($"{time.TotalSeconds:0.###} s")
        : FormattableString.Invariant($"{value:N0}");

    private static Dictionary<string, string> Documentation()
    {
        const string prefix = "P:Chat.GraphQL.GraphQLOptions.";
        var file = XDocument.Load(Path.ChangeExtension(typeof(GraphQLOptions).Assembly.Location, ".xml"));
        return file.Descendants("member")
            .Where(member => member.Attribute("name")!.Value.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(
                member => member.Attribute("name")!.Value[prefix.Length..],
                member => WhiteSpace().Replace(
                    string.Concat(member.Element("summary")!.Nodes().Select(Show)).Trim(), " "));
    }

    private static string Show(XNode node) => node switch
    {
        XElement { Name.LocalName: "see" } see =>
            $"`{see.Attribute("cref")!.Value.Split('.')[^1].Replace("Attribute", "", StringComparison.Ordinal)}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement element => element.Value,
        _ => node.ToString(),
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"(\| option \| default \| meaning and error \|\n\| --- \| --- \| --- \|\n)(\|.*\n)*")]
    private static partial Regex TablePattern();
}
