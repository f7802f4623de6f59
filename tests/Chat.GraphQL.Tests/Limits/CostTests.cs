using System.Text.Json;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>What operations cost, and that those over the limit do not run.</summary>
public sealed class CostTests
{
    [Theory]
    [InlineData("{ one }", 1)]
    [InlineData("{ one again: one }", 2)]
    [InlineData("{ one one ...f } fragment f on Query { one }", 1)]
    [InlineData("{ __typename one }", 1)]
    [InlineData("{ dear }", 50)]
    // A list: its field, and what is selected below as often as it has items.
    [InlineData("{ items(first: 7) { name } }", 1 + 7)]
    [InlineData("{ items(first: null, limit: 7) { name } }", 1 + 7)]
    [InlineData("{ items(limit: 7) { name } }", 1 + 20)]
    [InlineData("{ items(first: 3, last: 7) { name } }", 1 + 7)]
    [InlineData("{ items { name } }", 1 + 20)]
    [InlineData("{ items(first: null, last: null) { name } }", 1 + 10)]
    [InlineData("{ items(first: 0) { name } }", 1 + 1)]
    [InlineData("{ items(first: -5) { name } }", 1 + 1)]
    [InlineData("{ items(first: 7) { name items(first: 5) { name } } }", 1 + 7 * (1 + 1 + 5))]
    [InlineData("{ plain { name } }", 1 + 10)]
    [InlineData("{ few { name } }", 1 + 3)]
    [InlineData("{ taken(take: 9) { name } }", 1 + 9)]
    [InlineData("{ items(first: 7) { tags } }", 1 + 7)]
    // A connection: the lists in it have its size.
    [InlineData("{ page(first: 9) { total nodes { name } } }", 1 + 1 + 1 + 9)]
    [InlineData("{ page(first: 9) { nodes { page(last: 4) { nodes { name } } } } }", 1 + 1 + 9 * (1 + 1 + 4))]
    // Of selections on different object types one applies.
    [InlineData("{ found { ... on Item { name tags } ... on Other { title } } }", 1 + 10 * 2)]
    [InlineData("{ found { ...i ... on Other { title } } } fragment i on Item { items(first: 5) { name } }", 1 + 60)]
    [InlineData("{ things { name ... on Item { tags } ... on Other { title } } }", 1 + 10 * 2)]
    // What a directive may take away is counted.
    [InlineData("{ items(first: 7) @skip(if: true) { name } }", 1 + 7)]
    public async Task Is_added_up(string document, int cost) => (await CostOfAsync(document)).ShouldBe(cost);

    [Theory]
    [InlineData("query($n: Int) { items(first: $n) { name } }", """{"n":7}""", 1 + 7)]
    [InlineData("query($n: Int) { items(first: $n) { name } }", """{"n":null}""", 1 + 10)]
    [InlineData("query($n: Int) { items(first: $n) { name } }", "{}", 1 + 20)]
    [InlineData("query($n: Int = 4) { items(first: $n) { name } }", "{}", 1 + 4)]
    [InlineData("query($n: Int) { items(first: 3, last: $n) { name } }", """{"n":7}""", 1 + 7)]
    [InlineData("query($n: Int) { items(first: 9, last: $n) { name } }", """{"n":7}""", 1 + 9)]
    [InlineData("query($n: Int) { page(first: $n) { nodes { items(first: $n) { name } } } }", """{"n":6}""", 2 + 6 * 7)]
    [InlineData("query($n: Int) { things { ... on Item { items(first: $n) { name } } ... on Other { title } } }",
        """{"n":6}""", 1 + 10 * 7)]
    [InlineData("query($n: Int) { things { ...on Item { items(first: $n) { name } } ...on Other { a: title title } } }",
        """{"n":1}""", 1 + 10 * 2)]
    public async Task Counts_what_variables_say(string document, string variables, int cost) =>
        (await CostOfAsync(document, JsonDocument.Parse(variables).RootElement)).ShouldBe(cost);

    [Theory]
    [InlineData("{ items(first: 49) { name } }", true)]
    [InlineData("{ items(first: 50) { name } }", false)]
    public async Task Is_limited(string document, bool isWithin)
    {
        Queries.Ran = false;
        await using var server = Server(options => options.MaxCost = 50);
        var response = await server.ExecuteAsync(document);
        Queries.Ran.ShouldBe(isWithin, "the cost is known before a resolver runs");
        if (isWithin)
        {
            response.TryGetProperty("errors", out _).ShouldBeFalse();
            return;
        }

        response.GetRawText().ShouldBe(
            """{"errors":[{"message":"The operation may cost 51, which is more than 50.",""" +
            "\"extensions\":" + """{"code":"OPERATION_TOO_COSTLY","cost":51,"maximum":50}}]}""");
    }

    [Fact]
    public async Task Of_each_operation_is_its_own()
    {
        await using var server = Server(options => options.MaxCost = 50);
        const string document = "query small { one } query large($n: Int) { items(first: $n) { name } }";
        (await server.TextAsync(document, null, "small")).ShouldBe("""{"data":{"one":1}}""");
        (await server.TextAsync(document, new { n = 60 }, "large")).ShouldContain(ErrorCodes.OperationTooCostly);
        (await server.TextAsync(document, new { n = 1 }, "large")).ShouldContain("data");
    }

    [Fact]
    public async Task Does_not_overflow() => (await CostOfAsync(
        "{ items(first: 100) " + string.Concat(Enumerable.Repeat("{ items(first: 100) ", 11)) + "{ name }" +
        new string('}', 12), maxDepth: 20)).ShouldBeGreaterThan(1e24);

    [Fact]
    public async Task Without_list_arguments_it_is_decided_once_and_allocates_nothing()
    {
        await using var server = Server();
        const string document = "query($b: Boolean = true) { items(first: 7) @include(if: $b) { name } }";
        await server.TextAsync(document);
        var found = server.Executor.Documents.Find(document)!;
        var cost = found.CostOf(found.Operations[0]);
        cost.Check(VariableValues.None);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            cost.Check(VariableValues.None);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static async Task<double> CostOfAsync(string document, object? variables = null, int maxDepth = 12)
    {
        await using var server = Server(options =>
        {
            options.MaxCost = 1;
            options.MaxDepth = maxDepth;
        });
        var response = await server.ExecuteAsync(document, variables);
        return response.TryGetProperty("errors", out var errors)
            ? errors[0].GetProperty("extensions").GetProperty("cost").GetDouble()
            : 1;
    }

    private static InProcess Server(Action<GraphQLOptions>? options = null) => InProcess.With(
        builder => builder.AddType(typeof(Queries)).AddType(typeof(ItemFields)).AddType(typeof(Other)), options);

    [InterfaceType]
    public interface IThing
    {
        string Name { get; }
    }

    [UnionType]
    public interface IFound;

    [ObjectType]
    public sealed record Item(string Name) : IThing, IFound
    {
        public IReadOnlyList<string> Tags => [];
    }

    [ObjectType]
    public sealed record Other(string Name, string Title) : IThing, IFound;

    public sealed record Page(int Total, IReadOnlyList<Item> Nodes);

    [ObjectType<Item>]
    public static class ItemFields
    {
        public static IReadOnlyList<Item> Items([Parent] Item item, int first = 20) => [item];

        public static Page Page([Parent] Item item, int? first = null, int? last = null) => new(1, [item]);
    }

    [QueryType]
    public static class Queries
    {
        [GraphQLIgnore]
        public static bool Ran { get; set; }

        public static int One() => 1;

        [Cost(50)]
        public static int Dear() => 1;

        public static IReadOnlyList<Item> Items(int? first = 20, int? last = null, int? limit = null)
        {
            Ran = true;
            return [];
        }

        public static IReadOnlyList<Item> Plain() => [];

        [ListSize(AssumedSize = 3)]
        public static IReadOnlyList<Item> Few() => [];

        [ListSize(SlicingArguments = ["take"])]
        public static IReadOnlyList<Item> Taken(int take) => [];

        public static Page Page(int? first = null, int? last = null) => new(0, []);

        public static IReadOnlyList<IFound> Found() => [];

        public static IReadOnlyList<IThing> Things() => [];
    }
}
