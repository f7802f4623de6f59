namespace Chat.GraphQL.Tests.Limits;

/// <summary>A page larger than allowed is refused before anything runs.</summary>
public sealed class PageSizeTests
{
    [Theory]
    [InlineData("{ items(first: 100) }", null)]
    [InlineData("{ items(first: 101) }", "first 100")]
    [InlineData("{ items(last: 101) }", "last 100")]
    [InlineData("{ items(limit: 101) }", "limit 100")]
    [InlineData("{ items(first: 10, last: 101) }", "last 100")]
    [InlineData("{ page(first: 101) { total } }", "first 100")]
    [InlineData("{ short(first: 5) }", null)]
    [InlineData("{ short(first: 6) }", "first 5")]
    [InlineData("{ long(first: 1000) }", null)]
    [InlineData("{ long(first: 1001) }", "first 1000")]
    [InlineData("{ items(other: 5000) }", null)]
    public async Task Is_limited(string document, string? refused) => await CheckAsync(document, null, refused);

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, "first 100")]
    [InlineData(int.MaxValue, "first 100")]
    public async Task Is_limited_when_a_variable_says_it(int n, string? refused) =>
        await CheckAsync("query($n: Int) { items(first: $n) }", new { n }, refused);

    [Fact]
    public async Task The_refusal_names_the_argument_and_the_place()
    {
        await using var server = Server();
        (await server.TextAsync("{\n  items(first: 101) }")).ShouldBe(
            """{"errors":[{"message":"\"first\" of the field \"items\" must be at most 100.",""" +
            "\"locations\":" + """[{"line":2,"column":3}],""" +
            "\"extensions\":" + """{"code":"PAGE_TOO_LARGE","field":"first","maximum":100}}]}""");
    }

    [Fact]
    public async Task Error_filters_see_the_refusal()
    {
        await using var server = InProcess.With(
            builder => builder.AddType(typeof(Queries)).AddErrorFilter<Renamed>());
        (await server.TextAsync("{ items(first: 101) }"))
            .ShouldContain("\"code\":\"INVALID_INPUT\",\"field\":\"first\"");
    }

    private static async Task CheckAsync(string document, object? variables, string? refused)
    {
        await using var server = Server();
        var response = await server.ExecuteAsync(document, variables);
        if (refused is null)
        {
            response.TryGetProperty("data", out _).ShouldBeTrue();
            return;
        }

        response.TryGetProperty("data", out _).ShouldBeFalse();
        var extensions = response.GetProperty("errors")[0].GetProperty("extensions");
        extensions.GetProperty("code").GetString().ShouldBe(ErrorCodes.PageTooLarge);
        $"{extensions.GetProperty("field")} {extensions.GetProperty("maximum")}".ShouldBe(refused);
    }

    private static InProcess Server() => InProcess.Of(typeof(Queries));

    public sealed record Page(int Total);

    [QueryType]
    public static class Queries
    {
        public static IReadOnlyList<int> Items(
            int? first = null, int? last = null, long? limit = null, int? other = null) => [];

        public static Page Page(int? first = null) => new(0);

        [ListSize(MaxSize = 5)]
        public static IReadOnlyList<int> Short(int first) => [];

        [ListSize(MaxSize = 1000)]
        public static IReadOnlyList<int> Long(int first) => [];
    }

    private sealed class Renamed : IErrorFilter
    {
        public GraphQLError OnError(GraphQLError error) => error with { Code = ErrorCodes.InvalidInput };
    }
}
