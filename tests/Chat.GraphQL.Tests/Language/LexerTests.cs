namespace Chat.GraphQL.Tests.Language;

/// <summary>Tokens and their errors, with the messages of the reference implementation.</summary>
public sealed class LexerTests
{
    [Theory]
    [InlineData("{ a # comment\n, b }", "BraceLeft Name:a Name:b BraceRight")]
    [InlineData("\uFEFF{ }", "BraceLeft BraceRight")]
    [InlineData(
        "... : = @ ! | & $ ( ) [ ]",
        "Spread Colon Equals At Bang Pipe Ampersand Dollar ParenLeft ParenRight BracketLeft BracketRight")]
    [InlineData("0 -1 12 1.5 -0.5e-3 1E10", "Int:0 Int:-1 Int:12 Float:1.5 Float:-0.5e-3 Float:1E10")]
    [InlineData("\"\" \"a\\n\\u00e9\\u{1F600}\\uD83D\\uDE00\"", "String: String:a\n\u00e9\U0001F600\U0001F600")]
    [InlineData("\"\"\"\n    a\n      b\n  \"\"\"", "BlockString:a\n  b")]
    [InlineData("\"\"\"a \\\"\"\" b\"\"\"", "BlockString:a \"\"\" b")]
    public void It_reads_tokens(string source, string expected)
    {
        var lexer = new Lexer(source);
        var tokens = new List<string>();
        for (var token = lexer.Next(); token.Kind != TokenKind.EndOfFile; token = lexer.Next())
            tokens.Add(token.Value is null ? token.Kind.ToString() : $"{token.Kind}:{token.Value}");
        string.Join(' ', tokens).ShouldBe(expected);
    }

    [Fact]
    public void Lone_surrogates_are_no_characters()
    {
        // Written out here: test data cannot hold what is not Unicode.
        Should.Throw<GraphQLSyntaxException>(() => new Lexer("\uD800").Next())
            .Error.Message.ShouldBe("Syntax Error: Invalid character: U+D800.");
        Should.Throw<GraphQLSyntaxException>(() => new Lexer("\"\uDC00\"").Next())
            .Error.Message.ShouldBe("Syntax Error: Invalid character within String: U+DC00.");
    }

    [Theory]
    [InlineData("{ a ? }", "1:5 Syntax Error: Unexpected character: \"?\".")]
    [InlineData(
        "\n\n  'x'",
        "3:3 Syntax Error: Unexpected single quote character ('), did you mean to use a double quote (\")?")]
    [InlineData("\u0007", "1:1 Syntax Error: Unexpected character: U+0007.")]
    [InlineData("\U0001F600", "1:1 Syntax Error: Unexpected character: U+1F600.")]
    [InlineData("..", "1:1 Syntax Error: Unexpected \"..\", did you mean \"...\"?")]
    [InlineData(".12", "1:1 Syntax Error: Invalid number, expected digit before \".\", did you mean \"0.12\"?")]
    [InlineData("00", "1:2 Syntax Error: Invalid number, unexpected digit after 0: \"0\".")]
    [InlineData("1.", "1:3 Syntax Error: Invalid number, expected digit but got: <EOF>.")]
    [InlineData("1a", "1:2 Syntax Error: Invalid number, expected digit but got: \"a\".")]
    [InlineData("-", "1:2 Syntax Error: Invalid number, expected digit but got: <EOF>.")]
    [InlineData("\"abc", "1:5 Syntax Error: Unterminated string.")]
    [InlineData("\"a\nb\"", "1:3 Syntax Error: Unterminated string.")]
    [InlineData("\"\\x\"", "1:2 Syntax Error: Invalid character escape sequence: \"\\x\".")]
    [InlineData("\"\\u12\"", "1:2 Syntax Error: Invalid Unicode escape sequence: \"\\u12\"\".")]
    [InlineData("\"\\u{110000}\"", "1:2 Syntax Error: Invalid Unicode escape sequence: \"\\u{110000}\".")]
    [InlineData("\"\\uD800\"", "1:2 Syntax Error: Invalid Unicode escape sequence: \"\\uD800\".")]
    [InlineData("\"\"\"abc", "1:7 Syntax Error: Unterminated string.")]
    [InlineData("a\r\nb\rc\n?", "4:1 Syntax Error: Unexpected character: \"?\".")]
    public void It_says_what_is_wrong(string source, string expected)
    {
        var lexer = new Lexer(source);
        var error = Should.Throw<GraphQLSyntaxException>(() =>
        {
            while (lexer.Next().Kind != TokenKind.EndOfFile)
            {
            }
        }).Error;
        $"{error.Locations![0].Line}:{error.Locations[0].Column} {error.Message}".ShouldBe(expected);
        error.Code.ShouldBe(ErrorCodes.ParseFailed);
    }
}
