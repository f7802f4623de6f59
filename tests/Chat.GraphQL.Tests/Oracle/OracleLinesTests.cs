using System.Text;
using Chat.GraphQL.Oracle;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>What ops/graphql-oracle reads and writes.</summary>
public sealed class OracleLinesTests
{
    private const string Schema = "type Query { a: Int }";

    [Fact]
    public void Every_line_is_answered_in_its_place()
    {
        var answers = Answer(
            out var malformed, Case(7, "{ a }"), "no json", Case(8, "{ a"), "{\"id\":9}", "", Case(10, "{ b }"));
        malformed.ShouldBe(3);
        answers.Length.ShouldBe(6);
        answers[0].ShouldBe(
            "{\"id\":7,\"print\":\"{\\n  a\\n}\",\"validate\":[],\"exec\":{\"data\":{\"a\":33801}}}");
        answers[1].ShouldStartWith("{\"oracleError\":");
        answers[2].ShouldBe(
            "{\"id\":8,\"parseError\":{\"message\":\"Syntax Error: Expected Name, found <EOF>.\"," +
            "\"locations\":[{\"line\":1,\"column\":4}]}}");
        answers[3].ShouldBe("{\"oracleError\":\"A case is an object whose \\\"schema\\\" is a String.\"}");
        answers[4].ShouldStartWith("{\"oracleError\":");
        answers[5].ShouldBe(
            "{\"id\":10,\"print\":\"{\\n  b\\n}\",\"validate\":[{\"message\":\"Cannot query field \\\"b\\\" on type " +
            "\\\"Query\\\". Did you mean \\\"a\\\"?\",\"locations\":[{\"line\":1,\"column\":3}]}]}");
    }

    [Fact]
    public void A_schema_that_is_none_is_an_error_of_the_case()
    {
        Answer(out _, "{\"id\":1,\"schema\":\"type\",\"doc\":\"{ a }\"}")
            .ShouldBe(["{\"id\":1,\"oracleError\":\"Syntax Error: Expected Name, found <EOF>.\"}"]);
        Answer(out _, "{\"id\":2,\"schema\":\"type Query { a: B }\",\"doc\":\"{ a }\"}")
            .ShouldBe(["{\"id\":2,\"oracleError\":\"Unknown type \\\"B\\\".\"}"]);
        Answer(out _, "{\"id\":3,\"schema\":\"type A { a: Int }\",\"doc\":\"{ a }\"}")
            .ShouldBe(["{\"id\":3,\"oracleError\":\"Query root type must be provided.\"}"]);
    }

    [Fact]
    public void Text_may_hold_lone_surrogates() =>
        Answer(out _, Case(1, "{ a(b: \\\"\\ud800\\\") }"))[0]
            .ShouldContain("Invalid character within String: U+D800.");

    private static string Case(int id, string document) =>
        $"{{\"id\":{id},\"schema\":\"{Schema}\",\"doc\":\"{document}\",\"seed\":3}}";

    private static string[] Answer(out int malformed, params string[] lines)
    {
        using var output = new MemoryStream();
        malformed = OracleLines.Answer(new StringReader(string.Join('\n', lines)), output);
        return Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');
    }
}
