using System.Diagnostics;
using System.Text.Json;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>
/// Random documents, answered by the JavaScript reference implementation and by us. CHAT_ORACLE_CASES sets how many per
/// seed, CHAT_ORACLE_SEEDS which seeds; a failing case tells its seed and number.
/// </summary>
public sealed class OracleTests
{
    private const int ReportedDifferences = 12;
    private static readonly string Folder = Path.GetFullPath(Path.Combine(FindRoot(), "tests", "graphql-oracle"));

    public static TheoryData<int> Seeds =>
        [.. (Environment.GetEnvironmentVariable("CHAT_ORACLE_SEEDS") ?? "1,2").Split(',').Select(int.Parse)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task We_answer_as_the_reference_implementation_does(int seed)
    {
        var count = Environment.GetEnvironmentVariable("CHAT_ORACLE_CASES") ?? "400";
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "graphql")))
            await RunAsync("npm", "install --no-audit --no-fund", "");
        var cases = await RunAsync("node", $"gen.cjs {count} {seed}", "");
        var answers = await RunAsync("node", "oracle.cjs", cases);

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

    private static async Task<string> RunAsync(string command, string arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{command} {arguments}");
        return await output;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Chat.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
