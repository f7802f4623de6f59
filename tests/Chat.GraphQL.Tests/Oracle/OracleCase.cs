using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>Runs a case as oracle.cjs does and compares the answers; the text says what differs.</summary>
internal static class OracleCase
{
    private static readonly Dictionary<string, Schema> Schemas = new(StringComparer.Ordinal);
    private static readonly ServiceProvider Services = new ServiceCollection().BuildServiceProvider();

    private static readonly GraphQLOptions Unlimited = new()
    {
        MaxTokens = int.MaxValue,
        MaxNesting = 1_000,
        MaxDepth = int.MaxValue,
        MaxFields = int.MaxValue,
        MaxAliases = int.MaxValue,
        MaxDirectives = int.MaxValue,
        MaxValidationSteps = int.MaxValue,
        MaxCost = int.MaxValue,
        MaxPageSize = int.MaxValue,
    };

    public static async Task<string?> CompareAsync(JsonElement input, JsonElement expected)
    {
        var sdl = input.GetProperty("schema").GetString()!;
        if (!Schemas.TryGetValue(sdl, out var schema))
            Schemas.Add(sdl, schema = OracleSchema.Build(sdl));
        DocumentNode document;
        try
        {
            document = Parser.Parse(input.GetProperty("doc").GetString()!);
        }
        catch (GraphQLSyntaxException exception)
        {
            return expected.TryGetProperty("parseError", out var syntax)
                ? Difference("parse", [Describe(syntax)], [Describe(exception.Error)])
                : $"parse: we say {exception.Error.Message}";
        }

        if (!expected.TryGetProperty("print", out var print))
            return $"parse: we accept, they say {expected.GetProperty("parseError")}";
        var problem = Difference("print", [print.GetString()!], [Printer.Print(document)]);
        if (problem is not null)
            return problem;
        var errors = DocumentValidator.Validate(schema, document, Unlimited);
        problem = Difference(
            "validate", expected.GetProperty("validate").EnumerateArray().Select(Describe), errors.Select(Describe));
        if (problem is not null || errors.Count > 0)
            return problem;
        return await CompareExecutionAsync(schema, input, expected.GetProperty("exec"));
    }

    private static async Task<string?> CompareExecutionAsync(Schema schema, JsonElement input, JsonElement expected)
    {
        var executor = new GraphQLExecutor(
            schema, Unlimited, [new Unmasked()], Services, NullLogger<GraphQLExecutor>.Instance, TimeProvider.System);
        var name = input.TryGetProperty("operationName", out var given) ? given.GetString() : null;
        input.TryGetProperty("variables", out var variables);
        var request = new GraphQLRequest(input.GetProperty("doc").GetString()!, name, variables);
        using var json = new JsonBuffer();
        if (executor.Prepare(request, out var errors) is { } operation)
        {
            var seed = input.TryGetProperty("seed", out var seedGiven) ? seedGiven.GetInt64() : 1;
            await executor.ExecuteEventAsync(
                operation, new OracleValue(seed), new Dictionary<string, object?>(), json, CancellationToken.None);
        }
        else
        {
            ResponseWriter.WriteErrors(json, errors);
        }

        using var response = JsonDocument.Parse(json.Written);
        return OracleExecution.Compare(expected, response.RootElement);
    }

    private static string? Difference(string phase, IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (theirs, ours) = (expected.ToHashSet(), actual.ToHashSet());
        return theirs.SetEquals(ours) ? null
            : $"{phase}: they: {string.Join(" | ", theirs.Except(ours))} we: {string.Join(" | ", ours.Except(theirs))}";
    }

    private static string Describe(JsonElement error) => error.GetProperty("message").GetString() +
        (error.TryGetProperty("locations", out var locations)
            ? string.Concat(locations.EnumerateArray().Select(
                location => $" {location.GetProperty("line").GetInt32()}:{location.GetProperty("column").GetInt32()}"))
            : "");

    private static string Describe(GraphQLError error) => error.Message +
        string.Concat((error.Locations ?? []).Select(location => $" {location.Line}:{location.Column}"));

    /// <summary>Sends the messages of all exceptions, as the oracle does.</summary>
    private sealed class Unmasked : IErrorFilter
    {
        public GraphQLError OnError(GraphQLError error) => error with { Code = error.Code ?? "ORACLE" };
    }
}
