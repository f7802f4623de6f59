using System.Text.Json;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>A comparison that finds no difference means something only when it would have found one.</summary>
public sealed class AnswerComparisonTests
{
    private const string Error =
        "{\"message\":\"m\",\"locations\":[{\"line\":1,\"column\":2}],\"path\":[\"a\",\"b\"]}";
    private const string Sibling =
        "{\"message\":\"n\",\"locations\":[{\"line\":1,\"column\":9}],\"path\":[\"a\",\"c\"]}";
    private const string Null =
        "{\"print\":\"{\",\"validate\":[],\"exec\":{\"data\":{\"a\":null},\"errors\":[ERRORS]}}";
    private const string Inner =
        "{\"print\":\"{\",\"validate\":[],\"exec\":{\"data\":{\"a\":{\"b\":null}},\"errors\":[ERRORS]}}";

    [Theory]
    [InlineData("{\"print\":\"a\"}", "{\"print\":\"b\"}")]
    [InlineData("{\"print\":\"a\"}", "{\"parseError\":{\"message\":\"m\"}}")]
    [InlineData("{\"parseError\":{\"message\":\"m\"}}", "{\"parseError\":{\"message\":\"n\"}}")]
    [InlineData("{\"validate\":[]}", "{\"validate\":[{\"message\":\"m\"}]}")]
    [InlineData(
        "{\"validate\":[{\"message\":\"m\",\"locations\":[{\"line\":1,\"column\":1}]}]}",
        "{\"validate\":[{\"message\":\"m\"}]}")]
    [InlineData("{\"validate\":[],\"exec\":{\"data\":{}}}", "{\"validate\":[]}")]
    [InlineData("{\"exec\":{\"data\":{\"a\":1,\"b\":2}}}", "{\"exec\":{\"data\":{\"b\":2,\"a\":1}}}")]
    [InlineData("{\"exec\":{\"data\":null}}", "{\"exec\":{}}")]
    [InlineData(
        "{\"exec\":{\"data\":{\"a\":null}}}",
        "{\"exec\":{\"data\":{\"a\":null},\"errors\":[{\"message\":\"m\"}]}}")]
    [InlineData("{\"oracleError\":\"x\"}", "{\"print\":\"a\"}")]
    public void Differences_are_found(string theirs, string ours)
    {
        Compare(theirs, ours).ShouldNotBeNull();
        Compare(ours, theirs).ShouldNotBeNull();
        Compare(ours, ours).ShouldBeNull();
    }

    [Fact]
    public void Of_the_errors_below_one_null_any_may_be_reported()
    {
        Compare(With(Null, Error, Sibling), With(Null, Sibling)).ShouldBeNull();
        Compare(With(Null, Error), With(Null, Sibling)).ShouldNotBeNull();
        Compare(With(Null, Error), With(Null)).ShouldNotBeNull();
        Compare(With(Inner, Error), With(Inner, Error)).ShouldBeNull();
        Compare(With(Inner, Error), With(Inner)).ShouldNotBeNull();
    }

    private static string With(string answer, params string[] errors) =>
        answer.Replace("ERRORS", string.Join(',', errors), StringComparison.Ordinal);

    private static string? Compare(string theirs, string ours) => AnswerComparison.Compare(
        JsonDocument.Parse(theirs).RootElement, JsonDocument.Parse(ours).RootElement);
}
