namespace Chat.GraphQL.Tests.Types;

/// <summary>Pages of lists by keys.</summary>
public sealed class ConnectionTests : IAsyncDisposable
{
    private const string Page =
        "{ edges { cursor } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }";

    private readonly InProcess server = InProcess.Of(typeof(Queries));

    [Theory]
    [InlineData("", "1,2,3", true, false)]
    [InlineData("(first: 2)", "1,2", true, false)]
    [InlineData("(first: 2, after: \"2\")", "3,4", true, true)]
    [InlineData("(first: 9, after: \"2\")", "3,4,5", false, true)]
    [InlineData("(last: 2)", "4,5", false, true)]
    [InlineData("(last: 2, before: \"4\")", "2,3", true, true)]
    [InlineData("(last: 9, before: \"3\")", "1,2", true, false)]
    [InlineData("(first: 0)", "", true, false)]
    [InlineData("(first: 3, after: \"5\")", "", false, true)]
    public async Task A_page_tells_what_is_around_it(string arguments, string ids, bool hasNext, bool hasPrevious)
    {
        var response = await server.ExecuteAsync($"{{ things{arguments} {Page} }}");
        var page = response.GetProperty("data").GetProperty("things");
        var nodes = page.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("id").GetInt32());
        string.Join(',', nodes).ShouldBe(ids);
        var edges = page.GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("cursor").GetString());
        string.Join(',', edges).ShouldBe(ids);
        var info = page.GetProperty("pageInfo");
        info.GetProperty("hasNextPage").GetBoolean().ShouldBe(hasNext);
        info.GetProperty("hasPreviousPage").GetBoolean().ShouldBe(hasPrevious);
        info.GetProperty("startCursor").GetString().ShouldBe(ids.Length == 0 ? null : ids.Split(',')[0]);
        info.GetProperty("endCursor").GetString().ShouldBe(ids.Length == 0 ? null : ids.Split(',')[^1]);
    }

    [Theory]
    [InlineData("(first: -1)", "first must not be negative.", "first")]
    [InlineData("(last: -1)", "last must not be negative.", "last")]
    [InlineData("(first: 1, last: 1)", "last cannot be given together with first.", "last")]
    public async Task Sizes_that_make_no_sense_are_refused(string arguments, string message, string field)
    {
        var error = (await server.ExecuteAsync($"{{ things{arguments} {Page} }}")).GetProperty("errors")[0];
        error.GetProperty("message").GetString().ShouldBe(message);
        error.GetProperty("extensions").GetRawText().ShouldBe($$"""{"code":"INVALID_INPUT","field":"{{field}}"}""");
    }

    [Fact]
    public async Task A_connection_can_have_fields_of_its_own() =>
        (await server.TextAsync("{ counted { total nodes { id } } }"))
            .ShouldBe("{\"data\":{\"counted\":{\"total\":5,\"nodes\":[{\"id\":1}]}}}");

    [Fact]
    public void Connections_are_named_after_what_they_hold() =>
        SchemaPrinter.Print(server.Executor.Schema).TrimEnd().ShouldBe(""""
            type Query {
              things(
                """Items from the start of the list."""
                first: Int

                """The cursor that the page begins after."""
                after: String

                """Items from the end of the list."""
                last: Int

                """The cursor that the page ends before."""
                before: String
              ): ThingConnection!
              counted: CountedThings!
            }

            type ThingConnection {
              edges: [ThingEdge!]!
              nodes: [Thing!]!
              pageInfo: PageInfo!
            }

            type CountedThings {
              edges: [ThingEdge!]!
              nodes: [Thing!]!
              pageInfo: PageInfo!
              total: Int!
            }

            type ThingEdge {
              node: Thing!
              cursor: String!
            }

            type Thing {
              id: Int!
            }

            type PageInfo {
              hasNextPage: Boolean!
              hasPreviousPage: Boolean!
              startCursor: String
              endCursor: String
            }
            """".ReplaceLineEndings("\n"), StringCompareShould.IgnoreLineEndings);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [GraphQLName("Thing")]
    public sealed record ThingView(int Id);

    public sealed class CountedThings(IReadOnlyList<Edge<ThingView>> edges, PageInfo pageInfo)
        : Connection<ThingView>(edges, pageInfo)
    {
        public int Total => 5;
    }

    [QueryType]
    public static class Queries
    {
        public static Connection<ThingView> Things(PagingArguments paging)
        {
            var size = paging.SizeOr(3);
            var after = paging.After is null ? 0 : int.Parse(paging.After);
            var before = paging.Before is null ? int.MaxValue : int.Parse(paging.Before);
            var all = Enumerable.Range(1, 5).Where(id => id > after && id < before).Select(id => new ThingView(id));
            var page = paging.IsBackward ? all.TakeLast(size + 1) : all.Take(size + 1);
            return Connection<ThingView>.Of([.. page], paging, size, thing => $"{thing.Id}");
        }

        public static CountedThings Counted() => new(
            [new Edge<ThingView>(new ThingView(1), "1")], new PageInfo(true, false, "1", "1"));
    }
}
