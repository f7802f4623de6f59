using System.Text;
using System.Text.Json;
using Chat.GraphQL.Oracle;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>Cases that are answered by the reference implementation and by us.</summary>
internal static class OracleRun
{
    private const int ReportedDifferences = 12;

    /// <summary>Answers all cases both ways; fails with what differs. Returns how many cases there were.</summary>
    public static async Task<int> CompareAsync(string cases, string name)
    {
        var theirs = ReferenceImplementation.RunAsync("oracle.cjs", cases);
        var ours = Lines(await AnswerAsync(cases)).ToList();
        // The oracle answers when it is done, not in turn.
        var answerOf = Lines(await theirs).ToDictionary(Id);
        var differences = new List<string>();
        var compared = 0;
        foreach (var input in Lines(cases))
        {
            var answer = ours[compared++];
            Id(answer).ShouldBe(Id(input), "answers are in the order of the cases");
            if (AnswerComparison.Compare(answerOf[Id(input)], answer) is { } difference)
            {
                var document = OracleJson.Text(input.GetProperty("doc"));
                differences.Add($"{name}, case {Id(input)}: {difference}\n  {document}");
            }
        }

        ours.Count.ShouldBe(compared);
        differences.Count.ShouldBe(0, string.Join('\n', differences.Take(ReportedDifferences)));
        return compared;
    }

    public static IEnumerable<JsonElement> Lines(string text) => text.Split('\n').Where(line => line.Length > 0)
        .Select(line => JsonDocument.Parse(line, OracleJson.ReaderOptions).RootElement);

    private static int Id(JsonElement line) => line.GetProperty("id").GetInt32();

    private static Task<string> AnswerAsync(string cases)
    {
        var answered = new TaskCompletionSource<string>();
        new Thread(
            () =>
            {
                try
                {
                    using var output = new MemoryStream();
                    OracleLines.Answer(new StringReader(cases), output).ShouldBe(0, "lines that are no cases");
                    answered.SetResult(Encoding.UTF8.GetString(output.ToArray()));
                }
                catch (Exception exception)
                {
                    answered.SetException(exception);
                }
            },
            OracleLines.StackBytes).Start();
        return answered.Task;
    }
}
