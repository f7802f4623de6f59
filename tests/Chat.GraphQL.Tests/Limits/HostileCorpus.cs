using static Chat.GraphQL.ErrorCodes;
using static Chat.GraphQL.Tests.Limits.HostileCase;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>The requests; each is as large as the limits let it be, or a little larger.</summary>
public static partial class HostileCorpus
{
    /// <summary>Characters that fit into a body beside the rest of it.</summary>
    private const int Huge = 250_000;

    private static readonly Dictionary<string, HostileCase> ByName = ((HostileCase[])
        [.. Nested, .. Fragments, .. Overlapping, .. Many, .. Values, .. Variable, .. Texts, .. Introspections])
        .ToDictionary(hostile => hostile.Name, StringComparer.Ordinal);

    public static IReadOnlyCollection<HostileCase> All => ByName.Values;

    public static HostileCase Of(string name) => ByName[name];

    private static HostileCase[] Nested =>
    [
        Document("selection sets without end", DocumentTooDeep, Repeat("{node", Huge / 5)),
        Document("inline fragments without end", DocumentTooDeep, "{" + Repeat("...{", Huge / 4)),
        Document("lists without end", DocumentTooDeep, "{count(numbers:" + Repeat("[", Huge)),
        Document("input objects without end", DocumentTooDeep, "{count(filter:" + Repeat("{not:", Huge / 5)),
        Document("list types without end", DocumentTooDeep, "query($a:" + Repeat("[", Huge)),
        Document("selection sets deeper than resolvers go", OperationTooDeep,
            $"{{node{{{Nest("next", 97, "{name}")}}}}}"),
        Document("lists as deep as they may be", ValidationFailed, $"{{count(numbers:{Around("[", "1", "]", 97)})}}"),
        Document("input objects as deep as they may be", null, $"{{count(filter:{Around("{not:", "{}", "}", 96)})}}"),
        Document(
            "a wide list at the bottom of deep ones", ValidationFailed,
            $"{{count(cubes:{Around("[", List(Enumerable.Repeat("1", 9_700)), "]", 90)})}}"),
        Document(
            "unknown fields at every depth, and a long text at the bottom", ValidationFailed,
            $"{{count(filter:{Around("{x:", $"\"{Repeat("y", Huge - 1_000)}\"", "}", 96)})}}"),
        Document(
            "inline fragments as deep as they may be", null, $"{{{Around("...on Query{", "node{name}", "}", 97)}}}"),
        Variables("JSON without end", BadRequest, "{count}", Repeat("{\"a\":", Huge / 5)),
        Variables("JSON lists without end", BadRequest, "{count}", $"{{\"a\":{Repeat("[", Huge)}}}"),
        Variables(
            "variables as deep as JSON may be", InvalidInput, "query($f:Filter){count(filter:$f)}",
            $$"""{"f":{{Around("{\"not\":", "{\"x\":1}", "}", 60)}}}"""),
    ];

    private static HostileCase[] Fragments =>
    [
        Document(
            "fragments that double", OperationTooLarge, "{node{...f0}}" + Definitions(
                10, i => $"a:next{{...f{i + 1}}}b:next{{...f{i + 1}}}") + "fragment f10 on Node{name}"),
        Document(
            "spreads that double without fields", null, "{node{...f0}}" + Definitions(
                400, i => $"...f{i + 1}...f{i + 1}...f{i + 1}") + "fragment f400 on Node{name}"),
        Document(
            "each fragment spreads all that follow", DocumentTooComplex, "{node{...f0}}" + Definitions(
                90, i => Join(Enumerable.Range(i + 1, 90 - i).Select(j => $"...f{j}"))) + "fragment f90 on Node{name}"),
        Document(
            "a cycle of all fragments", ValidationFailed, "{node{...f0}}" + Definitions(
                1_200, i => $"...f{(i + 1) % 1_200}")),
        Document(
            "cycles everywhere", ValidationFailed, "{node{...f0}}" + Definitions(
                60, _ => Join(Enumerable.Range(0, 60).Select(j => $"...f{j}")))),
        Document(
            "cycles of long names", TooManyErrors,
            $"{{node{{...f0}}}}fragment f0 on Node{{...f1{Repeat("x", 2_000)}}}" + Join(Range(54, i =>
                $"fragment f{i + 1}{Repeat("x", 2_000)} on Node{{...f{i + 2}{Repeat("x", 2_000)}}}")) +
                $"fragment f55{Repeat("x", 2_000)} on Node{{{Repeat("...f0 ", 110)}}}"),
        Document(
            "a chain of fragments", null, "{node{...f0}}" + Definitions(1_200, i => $"...f{i + 1}") +
                "fragment f1200 on Node{name}"),
        Document(
            "a chain of fragments with nested fields", OperationTooDeep, "{node{...f0}}" + Definitions(
                30, i => Nest("next", 90, $"{{...f{i + 1}}}")) + "fragment f30 on Node{name}"),
        Document("thousands of fragments", DocumentTooLarge, "{node{name}}" + Definitions(7_000, _ => "name")),
        Document("fragments that nobody uses", TooManyErrors, "{node{name}}" + Definitions(1_400, _ => "name")),
        Document(
            "fragments of one name", TooManyErrors, "{node{...f}}" +
                string.Concat(Enumerable.Repeat("fragment f on Node{name}", 1_300))),
        Document(
            "operations that share fragments", DocumentTooComplex,
            string.Concat(Enumerable.Range(0, 900).Select(i => $"query q{i}{{node{{...f0}}}}")) +
                Definitions(99, i => $"...f{i + 1}") + "fragment f99 on Node{name}"),
        Document(
            "operations that share a fragment with all fields", DocumentTooComplex,
            string.Concat(Enumerable.Range(0, 900).Select(i => $"query q{i}{{node{{...f}}}}")) +
                $"fragment f on Node{{{Join(Enumerable.Repeat("name", 400))}}}"),
    ];

    private static HostileCase[] Overlapping =>
    [
        Document("one field over and over", DocumentTooComplex, $"{{{Join(Enumerable.Repeat("count", 9_900))}}}"),
        Document(
            "one field over and over, with long arguments", DocumentTooComplex,
            $"{{{Join(Enumerable.Repeat($"count(text:\"{Repeat("x", 600)}\")", 390))}}}"),
        Document(
            "one field over and over, with large input objects", DocumentTooComplex,
            $"{{{Join(Enumerable.Repeat(
                $"count(filter:{{moods:[HAPPY SAD]not:{{text:\"{Repeat("x", 300)}\"}}}})", 480))}}}"),
        Document(
            "conflicts of long names", TooManyErrors, $"{{{Join(Range(250, i => $"x:{Repeat("n", 980)}{i}"))}}}"),
        Document(
            "conflicts of long names below", TooManyErrors,
            $"{{{Join(Range(150, i => $"x:node{{y:{Repeat("n", 1_500)}{i}}}"))}}}"),
        Document("each field twice at every depth", DocumentTooComplex, $"{{node{{{Twice(9)}}}}}"),
        Document(
            "each field twice at every depth, in fragments", DocumentTooComplex, "{node{...f0}}" + Definitions(
                90, i => $"next{{...f{i + 1}}}next{{...f{i + 1} next{{...f{i + 1}}}}}") + "fragment f90 on Node{name}"),
        Document(
            "all pairs of fragments", DocumentTooComplex,
            $"{{node{{{Join(Enumerable.Range(0, 400).Select(i => $"...f{i}"))}}}}}" +
                Definitions(400, i => $"a{i}:name next{{name}}")),
        Document(
            "conflicts everywhere", TooManyErrors,
            $"{{node{{{Join(Enumerable.Range(0, 900).Select(i => $"a{i}:name a{i}:level"))}}}}}"),
        Document(
            "conflicts in conflicts", ValidationFailed,
            $"{{{Join(Range(30, i => $"x:node{{{Join(Range(30, j => $"y{j}:{Either(i, "name", "level")}"))}}}"))}}}"),
        Document(
            "types that exclude each other", DocumentTooComplex,
            $"{{node{{thing{{{Join(Range(500, i => $"...on {Either(i, "Node", "Leaf")}{{x:name}}"))}}}}}}}"),
        Document(
            "exclusive at the top, and deep below", DocumentTooComplex,
            $"{{node{{thing{{...on Node{{x:next{{{Twice(9)}}}}}...on Node{{x:next{{{Twice(9)}}}}}}}}}}}"),
    ];

    private static string Twice(int depth) =>
        depth == 0 ? "name" : $"next{{{Twice(depth - 1)}}}next{{{Twice(depth - 1)}}}";

    private static string Either(int i, string even, string odd) => i % 2 == 0 ? even : odd;

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static string Join(IEnumerable<string> texts) => string.Join(' ', texts);

    private static string List(IEnumerable<string> values) => $"[{Join(values)}]";

    private static string Around(string open, string inner, string close, int depth) =>
        Repeat(open, depth) + inner + Repeat(close, depth);

    /// <summary>Selection sets of one field in each other, around a last one.</summary>
    private static string Nest(string field, int depth, string inner) =>
        Around(field + "{", field + inner, "}", depth - 1);

    private static string Definitions(int count, Func<int, string> selections) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"fragment f{i} on Node{{{selections(i)}}}"));
}
