using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Chat.GraphQL.Oracle;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.GraphQL.Tests.Fuzz;

/// <summary>
/// Mutated documents get errors or data, never another exception, in bounded time and memory; what is printed can be
/// parsed, and is printed the same again. CHAT_FUZZ_SECONDS sets how long, CHAT_FUZZ_SEED repeats a run.
/// </summary>
public sealed class DocumentFuzzTests
{
    /// <summary>No document takes anywhere near as long; a machine with much else to do may pause, though.</summary>
    private static readonly TimeSpan LongestDocument = TimeSpan.FromSeconds(10);

    private const long AllocatedBytesMax = 64 * 1024 * 1024;
    private const int Kept = 1_000;

    private static readonly JsonElement Variables =
        JsonSerializer.SerializeToElement(new { v = 1, a = true, id = "x", @if = (string?)null, by = new { id = 1 } });

    private static readonly Dictionary<string, object?> NoState = [];

    private readonly GraphQLExecutor executor;
    private readonly List<string> corpus;
    private readonly List<string> executable;

    public DocumentFuzzTests()
    {
        var sdl = File.ReadAllText(Corpus("validation-schema.graphql"));
        var cases = File.ReadLines(Corpus("validation-cases.txt")).ToLookup(
            line => line.Split(' ')[0], line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim());
        executable = [.. cases["ok"]];
        corpus = [sdl, .. cases["bad"], .. executable];
        executor = new GraphQLExecutor(
            OracleSchema.Build(sdl), new GraphQLOptions(), [], new ServiceCollection().BuildServiceProvider(),
            NullLogger<GraphQLExecutor>.Instance, TimeProvider.System);
    }

    [Fact]
    public async Task Mutated_documents_do_no_harm()
    {
        var seed = Setting("CHAT_FUZZ_SEED") ?? Random.Shared.Next();
        var duration = TimeSpan.FromSeconds(Setting("CHAT_FUZZ_SECONDS") ?? 30);
        TestContext.Current.TestOutputHelper!.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        var mutator = new DocumentMutator(random, [.. corpus]);
        var documents = 0;
        var executed = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < duration; documents++)
        {
            var origins = random.Next(2) == 0 ? corpus : executable;
            var document = mutator.Next(origins[random.Next(origins.Count)]);
            try
            {
                // A document that got far leads to others that do.
                var (isParsed, isExecuted) = await CheckAsync(document);
                executed += isExecuted ? 1 : 0;
                if (isExecuted)
                    Keep(executable, random, document);
                else if (isParsed)
                    Keep(corpus, random, document);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException(
                    $"Seed {seed}, document {documents}: {JsonText.Quote(document)}", exception);
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{documents} documents, {executed} executed");
        executed.ShouldBeGreaterThan(0);
    }

    private async Task<(bool Parsed, bool Executed)> CheckAsync(string text)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var isParsed = PrintIsStable(text);
        var isExecuted = await ExecuteAsync(text);
        watch.Elapsed.ShouldBeLessThan(LongestDocument);
        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBeLessThan(AllocatedBytesMax);
        return (isParsed, isExecuted);
    }

    private bool PrintIsStable(string text)
    {
        DocumentNode document;
        try
        {
            document = Parser.Parse(text, executor.Options.MaxTokens, executor.Options.MaxNesting);
        }
        catch (GraphQLSyntaxException)
        {
            return false;
        }

        var printed = Printer.Print(document);
        if (!IsAmbiguous(document))
            Printer.Print(Parser.Parse(printed)).ShouldBe(printed);
        return true;
    }

    /// <summary>
    /// A query printed in short form after a definition of the type system reads as the fields of that definition; the
    /// reference implementation prints so too.
    /// </summary>
    private static bool IsAmbiguous(DocumentNode document) => document.Definitions.Zip(document.Definitions.Skip(1))
        .Any(pair => pair.First is TypeSystemNode && Printer.Print(pair.Second).StartsWith('{'));

    private async Task<bool> ExecuteAsync(string text)
    {
        using var json = new JsonBuffer();
        var request = new GraphQLRequest(text, null, Variables);
        var operation = executor.Prepare(request, out var errors);
        if (operation is null)
            ResponseWriter.WriteErrors(json, errors);
        else
            await executor.ExecuteEventAsync(operation, new OracleValue(1), NoState, json, Cancel.Test);
        using var response = JsonDocument.Parse(json.Written);
        response.RootElement.TryGetProperty("data", out _).ShouldBe(operation is not null);
        return operation is not null;
    }

    private static void Keep(List<string> documents, Random random, string document)
    {
        if (documents.Count < Kept)
            documents.Add(document);
        else
            documents[random.Next(documents.Count)] = document;
    }

    private static int? Setting(string name) => Environment.GetEnvironmentVariable(name) is { } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : null;

    private static string Corpus(string name) => Path.Combine(AppContext.BaseDirectory, "Oracle", name);
}
