using System.Globalization;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>
/// Random documents, answered by the JavaScript reference implementation and by us. CHAT_ORACLE_CASES sets how many per
/// seed, CHAT_ORACLE_SEEDS which seeds; a failing case tells its seed and number.
/// </summary>
public sealed class OracleTests
{
    private static readonly string Count = Environment.GetEnvironmentVariable("CHAT_ORACLE_CASES") ?? "4000";

    /// <summary>The last seed is another one in each run.</summary>
    public static TheoryData<int> Seeds => Environment.GetEnvironmentVariable("CHAT_ORACLE_SEEDS") is { } given
        ? [.. given.Split(',').Select(seed => int.Parse(seed, CultureInfo.InvariantCulture))]
        : [1, 2, 3, 4, Random.Shared.Next(1_000, int.MaxValue)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task We_answer_as_the_reference_implementation_does(int seed)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"Seed {seed}");
        var cases = await ReferenceImplementation.RunAsync($"gen.cjs {Count} {seed}", "");
        var compared = await OracleRun.CompareAsync(cases, $"gen.cjs, seed {seed}");
        compared.ShouldBe(int.Parse(Count, CultureInfo.InvariantCulture));
    }

    /// <summary>The same for what gen.cjs does not make: other schemas each time, and the rest of the language.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task We_answer_as_the_reference_implementation_does_with_any_schema(int seed)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"Seed {seed}");
        var cases = await ReferenceImplementation.RunAsync($"wide/generate.mjs {Count} {seed}", "");
        var compared = await OracleRun.CompareAsync(cases, $"wide/generate.mjs, seed {seed}");
        compared.ShouldBe(int.Parse(Count, CultureInfo.InvariantCulture));
    }
}
