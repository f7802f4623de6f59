using System.Text.Json;

namespace Chat.GraphQL.Tests;

/// <summary>Reads the events of a response of graphql-sse, and how often it was kept alive.</summary>
public sealed class TestEventStream(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public HttpResponseMessage Response => response;

    public int Comments { get; private set; }

    public static async Task<TestEventStream> OpenAsync(TestServer server, HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("text/event-stream");
        var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel.Test);
        if (!response.IsSuccessStatusCode)
            await response.Content.LoadIntoBufferAsync(Cancel.Test);
        return new TestEventStream(response, new StreamReader(await response.Content.ReadAsStreamAsync(Cancel.Test)));
    }

    /// <summary>The next event and its data, which is undefined where it is empty; null at the end.</summary>
    public async Task<(string Event, JsonElement Data)?> ReadAsync()
    {
        string? name = null;
        while (await ReadLineAsync() is { } line)
        {
            if (line.StartsWith(':'))
                Comments++;
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (name.ShouldNotBeNull(), Parse(line["data: ".Length..]));
            else
                line.ShouldBeEmpty();
        }

        return null;
    }

    /// <summary>The data of the next event, which is <c>next</c>.</summary>
    public async Task<JsonElement> NextAsync()
    {
        var (name, data) = (await ReadAsync()).ShouldNotBeNull();
        name.ShouldBe("next");
        return data;
    }

    public async Task CompleteAsync(string? id = null)
    {
        var (name, data) = (await ReadAsync()).ShouldNotBeNull();
        name.ShouldBe("complete");
        if (id is not null)
            data.GetProperty("id").GetString().ShouldBe(id);
        else
            data.ValueKind.ShouldBe(JsonValueKind.Undefined);
    }

    /// <summary>Waits for the next comment that keeps the stream alive.</summary>
    public async Task CommentAsync()
    {
        while (await ReadLineAsync() is { } line)
        {
            if (line == ":")
            {
                Comments++;
                return;
            }
        }

        throw new EndOfStreamException("The stream has ended.");
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }

    private async Task<string?> ReadLineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await reader.ReadLineAsync(patience.Token);
    }

    private static JsonElement Parse(string text) => text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
}
