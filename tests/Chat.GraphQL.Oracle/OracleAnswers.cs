using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.GraphQL.Oracle;

/// <summary>Answers cases in the form of oracle.cjs, without the server's limits.</summary>
internal sealed class OracleAnswers
{
    /// <summary>Schemas kept, since many cases share one.</summary>
    private const int MaxSchemas = 64;

    private static readonly ServiceProvider Services = new ServiceCollection().BuildServiceProvider();
    private static readonly Dictionary<string, object?> NoState = [];

    private static readonly GraphQLOptions Unlimited = new()
    {
        MaxTokens = int.MaxValue,
        // Documents are walked recursively: Program.cs has a stack for so much.
        MaxNesting = 10_000,
        MaxDepth = int.MaxValue,
        MaxFields = int.MaxValue,
        MaxAliases = int.MaxValue,
        MaxCost = int.MaxValue,
        MaxPageSize = int.MaxValue,
        MaxErrors = int.MaxValue,
        MaxResponseBytes = int.MaxValue,
        MaxDirectives = int.MaxValue,
        MaxValidationSteps = int.MaxValue,
        MaxMessageChars = int.MaxValue,
        RequestTimeout = Timeout.InfiniteTimeSpan,
        // Each case is run once.
        MaxCachedDocuments = 0,
    };

    private readonly Dictionary<string, GraphQLExecutor> executors = new(StringComparer.Ordinal);

    /// <summary>Writes the answer to a case as one JSON object.</summary>
    /// <exception cref="FormatException">The JSON is no case.</exception>
    public void Answer(JsonElement input, Utf8JsonWriter json)
    {
        var id = Member(input, "id", JsonValueKind.Number);
        var sdl = OracleJson.Text(Member(input, "schema", JsonValueKind.String));
        var text = OracleJson.Text(Member(input, "doc", JsonValueKind.String));
        GraphQLExecutor executor;
        try
        {
            executor = ExecutorOf(sdl);
        }
        catch (Exception exception) when (exception is GraphQLSyntaxException or OracleSchemaException)
        {
            WriteError(json, id, exception.Message);
            return;
        }

        json.WriteStartObject();
        json.WritePropertyName("id");
        id.WriteTo(json);
        if (Parse(text, json) is { } document)
            Answer(executor, document, input, json);
        json.WriteEndObject();
    }

    public static void WriteError(Utf8JsonWriter json, JsonElement? id, string message)
    {
        json.WriteStartObject();
        if (id is { } given)
        {
            json.WritePropertyName("id");
            given.WriteTo(json);
        }

        OracleJson.WriteText(json, "oracleError", message);
        json.WriteEndObject();
    }

    private static DocumentNode? Parse(string text, Utf8JsonWriter json)
    {
        try
        {
            var document = Parser.Parse(text, Unlimited.MaxTokens, Unlimited.MaxNesting);
            OracleJson.WriteText(json, "print", Printer.Print(document));
            return document;
        }
        catch (GraphQLSyntaxException exception)
        {
            json.WritePropertyName("parseError");
            WriteError(json, exception.Error);
            return null;
        }
    }

    private static void Answer(GraphQLExecutor executor, DocumentNode document, JsonElement input, Utf8JsonWriter json)
    {
        var errors = DocumentValidator.Validate(executor.Schema, document, Unlimited);
        json.WriteStartArray("validate");
        foreach (var error in errors)
            WriteError(json, error);
        json.WriteEndArray();
        if (errors.Count > 0)
            return;

        using var buffer = new JsonBuffer();
        Execute(executor, document.Source, input, buffer);
        using var response = JsonDocument.Parse(buffer.Written, OracleJson.ReaderOptions);
        json.WritePropertyName("exec");
        WriteResponse(json, response.RootElement);
    }

    private static void Execute(GraphQLExecutor executor, string text, JsonElement input, JsonBuffer json)
    {
        input.TryGetProperty("variables", out var variables);
        var name = input.TryGetProperty("operationName", out var given) && given.ValueKind == JsonValueKind.String
            ? OracleJson.Text(given)
            : null;
        var seed = input.TryGetProperty("seed", out var number) && number.ValueKind == JsonValueKind.Number
            ? number.GetInt64()
            : 1;
        if (executor.Prepare(new GraphQLRequest(text, name, variables), out var errors) is not { } operation)
        {
            ResponseWriter.WriteErrors(json, errors);
            return;
        }

        // All resolvers are synchronous, and so is the execution.
        var running = executor.ExecuteEventAsync(
            operation, new OracleValue(seed), NoState, json, CancellationToken.None);
        if (!running.IsCompletedSuccessfully)
            throw new InvalidOperationException("The execution has not completed.", running.Exception);
    }

    /// <summary>What oracle.cjs tells of a response: the data, and of errors the message, locations and path.</summary>
    private static void WriteResponse(Utf8JsonWriter json, JsonElement response)
    {
        json.WriteStartObject();
        if (response.TryGetProperty("data", out var data))
        {
            json.WritePropertyName("data");
            data.WriteTo(json);
        }

        if (response.TryGetProperty("errors", out var errors))
        {
            json.WriteStartArray("errors");
            foreach (var error in errors.EnumerateArray())
            {
                json.WriteStartObject();
                foreach (var member in error.EnumerateObject())
                {
                    if (member.Name != "extensions")
                        member.WriteTo(json);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, GraphQLError error)
    {
        json.WriteStartObject();
        OracleJson.WriteText(json, "message", error.Message);
        if (error.Locations is { } locations)
        {
            json.WriteStartArray("locations");
            foreach (var location in locations)
            {
                json.WriteStartObject();
                json.WriteNumber("line", location.Line);
                json.WriteNumber("column", location.Column);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static JsonElement Member(JsonElement input, string name, JsonValueKind kind) =>
        input.ValueKind == JsonValueKind.Object && input.TryGetProperty(name, out var member) &&
        member.ValueKind == kind
            ? member
            : throw new FormatException($"A case is an object whose \"{name}\" is a {kind}.");

    private GraphQLExecutor ExecutorOf(string sdl)
    {
        if (executors.TryGetValue(sdl, out var known))
            return known;
        if (executors.Count == MaxSchemas)
            executors.Clear();
        var executor = new GraphQLExecutor(
            OracleSchema.Build(sdl), Unlimited, [new OracleErrors()], Services, NullLogger<GraphQLExecutor>.Instance,
            TimeProvider.System);
        executors.Add(sdl, executor);
        return executor;
    }
}
