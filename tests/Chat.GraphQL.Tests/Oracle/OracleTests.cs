using System.Text.Json;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>
/// Random documents, answered by the JavaScript reference implementation and by us. CHAT_ORACLE_CASES sets how many per
/// seed, CHAT_ORACLE_SEEDS which seeds; a failing case tells its seed and number.
/// </summary>
public sealed class OracleTests
{
    private const int ReportedDifferences = 12;

    public static TheoryData<int> Seeds =>
        [.. (Environment.GetEnvironmentVariable("CHAT_ORACLE_SEEDS") ?? "1,2").Split(',').Select(int.Parse)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task We_answer_as_the_reference_implementation_does(int seed)
    {
        var count = Environment.GetEnvironmentVariable("CHAT_ORACLE_CASES") ?? "400";
        var cases = await ReferenceImplementation.RunAsync($"gen.cjs {count} {seed}", "");
        var answers = await ReferenceImplementation.RunAsync("oracle.cjs", cases);

        // The oracle answers when it is done, not in turn.
        var answerOf = Lines(answers).ToDictionary(answer => answer.GetProperty("id").GetInt32());
        var differences = new List<string>();
        var compared = 0;
        foreach (var input in Lines(cases))
        {
            var id = input.GetProperty("id").GetInt32();
            compared++;
            if (await OracleCase.CompareAsync(input, answerOf[id]) is { } difference)
                differences.Add($"case {id}: {difference}\n  {input.GetProperty("doc")}");
        }

        compared.ShouldBe(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
        differences.Count.ShouldBe(0, string.Join('\n', differences.Take(ReportedDifferences)));
    }

    private static IEnumerable<JsonElement> Lines(string text) =>
        text.Split('\n').Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement);
}
