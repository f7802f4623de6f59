using Chat.GraphQL.Oracle;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>Random schemas: the standard introspection query and the printed text, as the reference has them.</summary>
public sealed class RandomSchemasTests
{
    private const int Count = 100;

    [Theory]
    [MemberData(nameof(OracleTests.Seeds), MemberType = typeof(OracleTests))]
    public async Task Schemas_say_and_print_what_the_reference_implementation_does(int seed)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"Seed {seed}");
        var cases = await ReferenceImplementation.RunAsync($"wide/introspections.mjs {Count} {seed}", "");
        (await OracleRun.CompareAsync(cases, $"wide/introspections.mjs, seed {seed}")).ShouldBe(Count);
        foreach (var input in OracleRun.Lines(cases))
        {
            var schema = OracleSchema.Build(OracleJson.Text(input.GetProperty("schema")));
            SchemaPrinter.Print(schema).TrimEnd('\n').ShouldBe(OracleJson.Text(input.GetProperty("printed")));
        }
    }
}
