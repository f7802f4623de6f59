using System.Text.Json;
using Chat.GraphQL.Oracle;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>
/// Documents after the examples of specification 5: we say of each what the file says, and all that the JavaScript
/// reference implementation says, with the same messages at the same places.
/// </summary>
public sealed class ValidationCasesTests
{
    private const int CasesMin = 500;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Oracle");
    private static readonly string Sdl = File.ReadAllText(Path.Combine(Folder, "validation-schema.graphql"));

    private static readonly (bool IsValid, string Document)[] Cases =
    [
        .. File.ReadLines(Path.Combine(Folder, "validation-cases.txt"))
            .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts[0] is "ok" or "bad")
            .Select(parts => (parts[0] == "ok", parts[1])),
    ];

    [Fact]
    public void Documents_are_valid_or_not_as_the_specification_says()
    {
        var schema = OracleSchema.Build(Sdl);
        var wrong = Cases.Where(one =>
            DocumentValidator.Validate(schema, Parser.Parse(one.Document), new GraphQLOptions()).Count == 0 !=
            one.IsValid);
        wrong.ShouldBeEmpty();
        Cases.Length.ShouldBeGreaterThanOrEqualTo(CasesMin);
    }

    [Fact]
    public async Task Errors_are_those_of_the_reference_implementation()
    {
        var cases = Cases.Select((one, id) => JsonSerializer.Serialize(new { id, schema = Sdl, doc = one.Document }));
        var compared = await OracleRun.CompareAsync(string.Join('\n', cases), "validation-cases.txt");
        compared.ShouldBe(Cases.Length);
    }
}
