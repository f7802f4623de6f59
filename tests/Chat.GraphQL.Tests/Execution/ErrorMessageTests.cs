namespace Chat.GraphQL.Tests.Execution;

/// <summary>Messages that quote what the client sent are cut, wherever they come from.</summary>
public sealed class ErrorMessageTests
{
    private const int CharsMax = 40;

    private static readonly string Long = new('x', 100);

    public static TheoryData<string> Documents =>
    [
        $"{{ words(of: 1) \"\"\"{Long}\"\"\"",
        $"{{ words(of: [{Long}]) }}",
        "query ($of: [Int!]) { numbers(of: $of) }",
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task They_are_cut(string document)
    {
        await using var server = InProcess.With(
            builder => builder.AddType(typeof(Queries)), options => options.MaxMessageChars = CharsMax);
        var response = await server.ExecuteAsync(document, new { of = Long });
        var message = response.GetProperty("errors")[0].GetProperty("message").GetString()!;
        message.Length.ShouldBe(CharsMax + 1);
        message.ShouldEndWith("…");
    }

    [Fact]
    public void No_character_is_cut_in_two()
    {
        GraphQLError.Shorten("ab😀", 3).ShouldBe("ab…");
        GraphQLError.Shorten("ab😀", 4).ShouldBe("ab😀");
        GraphQLError.Shorten("abc", 2).ShouldBe("ab…");
    }

    [QueryType]
    private static class Queries
    {
        public static int Words(string of) => of.Length;

        public static int Numbers(int[]? of) => of?.Length ?? 0;
    }
}
