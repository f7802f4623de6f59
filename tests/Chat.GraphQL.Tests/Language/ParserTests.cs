namespace Chat.GraphQL.Tests.Language;

public sealed class ParserTests
{
    [Theory]
    [InlineData("", "1:1 Syntax Error: Unexpected <EOF>.")]
    [InlineData("{", "1:2 Syntax Error: Expected Name, found <EOF>.")]
    [InlineData("{ a(b: ) }", "1:8 Syntax Error: Unexpected \")\".")]
    [InlineData("{ a(b: $) }", "1:9 Syntax Error: Expected Name, found \")\".")]
    [InlineData("{ a() }", "1:5 Syntax Error: Expected Name, found \")\".")]
    [InlineData("query ($a: Int = $b) { a }", "1:18 Syntax Error: Unexpected variable \"$b\" in constant value.")]
    [InlineData("fragment on on Dog { a }", "1:10 Syntax Error: Unexpected Name \"on\".")]
    [InlineData("fragment a Dog { a }", "1:12 Syntax Error: Expected \"on\", found Name \"Dog\".")]
    [InlineData("notanoperation a { a }", "1:1 Syntax Error: Unexpected Name \"notanoperation\".")]
    [InlineData(
        "\"d\" { a }",
        "1:1 Syntax Error: Unexpected description, descriptions are not supported on shorthand queries.")]
    [InlineData(
        "\"d\" extend type A { a: Int }",
        "1:1 Syntax Error: Unexpected description, only GraphQL definitions support descriptions.")]
    [InlineData(
        "enum E { true }",
        "1:10 Syntax Error: Name \"true\" is reserved and cannot be used for an enum value.")]
    [InlineData("extend type A", "1:14 Syntax Error: Unexpected <EOF>.")]
    [InlineData("directive @a on NOWHERE", "1:17 Syntax Error: Unexpected Name \"NOWHERE\".")]
    [InlineData("type A { a: [Int }", "1:18 Syntax Error: Expected \"]\", found \"}\".")]
    public void It_says_what_is_wrong(string source, string expected)
    {
        var error = Should.Throw<GraphQLSyntaxException>(() => Parser.Parse(source)).Error;
        $"{error.Locations![0].Line}:{error.Locations[0].Column} {error.Message}".ShouldBe(expected);
    }

    [Fact]
    public void Tokens_are_limited()
    {
        Parser.Parse("{ a b c }", maxTokens: 5);
        var error = Should.Throw<GraphQLSyntaxException>(() => Parser.Parse("{ a b c d }", maxTokens: 5)).Error;
        error.Code.ShouldBe(ErrorCodes.DocumentTooLarge);
        error.Message.ShouldBe("Syntax Error: Document contains more than 5 tokens. Parsing aborted.");
    }

    [Theory]
    [InlineData("{a", "}")]
    [InlineData("[", "]")]
    [InlineData("{a:", "}")]
    public void Nesting_is_limited(string open, string close)
    {
        var isSelection = open == "{a";
        string Nested(int depth)
        {
            var nested = string.Concat(Enumerable.Repeat(open, depth)) + (open == "{a:" ? "1" : "") +
                string.Concat(Enumerable.Repeat(close, depth));
            return isSelection ? nested : $"{{ a(b: {nested}) }}";
        }

        // The selection set around a value is a level too.
        var around = isSelection ? 0 : 1;
        Parser.Parse(Nested(10 - around), maxNesting: 10);
        Should.Throw<GraphQLSyntaxException>(() => Parser.Parse(Nested(11 - around), maxNesting: 10))
            .Error.Code.ShouldBe(ErrorCodes.DocumentTooDeep);
        Should.Throw<GraphQLSyntaxException>(() => Parser.Parse(Nested(100_000), maxNesting: 100))
            .Error.Code.ShouldBe(ErrorCodes.DocumentTooDeep);
    }
}
