using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Chat.GraphQL.Tests;

/// <summary>The library's README shows a program that is built, and does what it says.</summary>
public sealed class ReadmeTests
{
    private const int LinesMax = 60;
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../.."));
    private static readonly string Readme = Path.Combine(Root, "src/Chat.GraphQL/README.md");

    [Fact]
    public async Task The_chat_of_the_readme_is_the_sample()
    {
        var readme = await File.ReadAllTextAsync(Readme, Cancel.Test);
        var sample = await File.ReadAllTextAsync(
            Path.Combine(Root, "tests/Chat.GraphQL.Sample/Program.cs"), Cancel.Test);
        readme.ShouldContain($"```csharp\n{sample}```\n", Case.Sensitive);
        sample.Count(c => c == '\n').ShouldBeLessThanOrEqualTo(LinesMax);
    }

    [Fact]
    public async Task Every_option_stands_in_the_readme_or_among_the_limits()
    {
        var limits = Path.Combine(Path.GetDirectoryName(Readme)!, "LIMITS.md");
        var readme = await File.ReadAllTextAsync(Readme, Cancel.Test)
            + await File.ReadAllTextAsync(limits, Cancel.Test);
        typeof(GraphQLOptions).GetProperties().Select(property => $"`{property.Name}`")
            .Where(name => !readme.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_sample_posts_over_http_and_delivers_over_a_socket()
    {
        using var process = Start();
        try
        {
            var address = await AddressOfAsync(process);
            using var http = new HttpClient { BaseAddress = address };
            using var socket = await FollowAsync(address);

            (await AskAsync(
                    http, "mutation { postMessage(text: \"hello\", authorId: 7) { position author { name } } }"))
                .ShouldBe("""{"data":{"postMessage":{"position":1,"author":{"name":"user 7"}}}}""");
            await AskAsync(http, "mutation { postMessage(text: \"again\", authorId: 8) { position } }");

            (await EventAsync(socket)).ShouldBe("""{"position":1,"text":"hello","author":{"name":"user 7"}}""");
            (await EventAsync(socket)).ShouldBe("""{"position":2,"text":"again","author":{"name":"user 8"}}""");
            (await AskAsync(http, "{ messages(after: 1) { text author { id } } }"))
                .ShouldBe("""{"data":{"messages":[{"text":"again","author":{"id":8}}]}}""");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Process Start()
    {
        // Built beside this project, in the same configuration.
        var output = Path.GetRelativePath(Path.Combine(Root, "tests/Chat.GraphQL.Tests"), AppContext.BaseDirectory);
        var program = Path.Combine(Root, "tests/Chat.GraphQL.Sample", output, "Chat.GraphQL.Sample.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        return Process.Start(start)!;
    }

    private static async Task<Uri> AddressOfAsync(Process process)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel.Test);
        patience.CancelAfter(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            var start = line.IndexOf(Listening, StringComparison.Ordinal);
            if (start >= 0)
                return new Uri(line[(start + Listening.Length)..].Trim());
        }

        throw new InvalidOperationException("The sample ended before it listened.");
    }

    private static async Task<TestSocket> FollowAsync(Uri address)
    {
        var client = new ClientWebSocket();
        client.Options.AddSubProtocol("graphql-transport-ws");
        await client.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/graphql" }.Uri, Cancel.Test);
        var socket = new TestSocket(client);
        await socket.InitAsync();
        await socket.SubscribeAsync("1", "subscription { messagePosted { position text author { name } } }");
        return socket;
    }

    private static async Task<string> EventAsync(TestSocket socket) =>
        (await socket.ReceiveAsync()).GetProperty("payload").GetProperty("data").GetProperty("messagePosted")
            .GetRawText();

    private static async Task<string> AskAsync(HttpClient http, string query)
    {
        var response = await http.PostAsJsonAsync("/graphql", new { query }, Cancel.Test);
        return JsonSerializer.Serialize(await response.Content.ReadFromJsonAsync<JsonElement>(Cancel.Test));
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
