using System.Globalization;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>
/// Random documents, answered by the JavaScript reference implementation and by us. CHAT_ORACLE_CASES sets how many per
/// seed, CHAT_ORACLE_SEEDS which seeds; a failing case tells its seed and number.
/// </summary>
public sealed class OracleTests
{
    private static readonly int Cases = Setting("CHAT_ORACLE_CASES") ?? 4_000;
    private static readonly int WideCases = Setting("CHAT_ORACLE_CASES") ?? 2_000;

    /// <summary>The last seed is another one in each run.</summary>
    public static TheoryData<int> Seeds => Environment.GetEnvironmentVariable("CHAT_ORACLE_SEEDS") is { } given
        ? [.. given.Split(',').Select(seed => int.Parse(seed, CultureInfo.InvariantCulture))]
        : [1, 2, 3, 4, Random.Shared.Next(1_000, int.MaxValue)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task We_answer_as_the_reference_implementation_does(int seed) => CompareAsync("gen.cjs", Cases, seed);

    /// <summary>The same for what gen.cjs does not make: many schemas, and the rest of the language.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public Task We_answer_as_the_reference_implementation_does_with_any_schema(int seed) =>
        CompareAsync("wide/generate.mjs", WideCases, seed);

    private static async Task CompareAsync(string generator, int count, int seed)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"Seed {seed}");
        var script = string.Create(CultureInfo.InvariantCulture, $"{generator} {count} {seed}");
        var cases = await ReferenceImplementation.RunAsync(script, "");
        (await OracleRun.CompareAsync(cases, script)).ShouldBe(count);
    }

    private static int? Setting(string name) => Environment.GetEnvironmentVariable(name) is { } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : null;
}
