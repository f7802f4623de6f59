using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chat.Bench;

/// <summary>Someone with a token who uses the API as a program does.</summary>
internal sealed class ChatUser(HttpClient http, string token)
{
    private const string Post =
        "mutation($input: PostMessageInput!) { postMessage(input: $input) { position errors { code message } } }";

    public string Token => token;

    public static async Task<ChatUser> RegisterAsync(HttpClient http, string name, CancellationToken cancellation)
    {
        const string Register =
            "mutation($input: RegisterInput!) { register(input: $input) { accessToken errors { code message } } }";
        var email = $"{NewCommandId():n}@example.org";
        var input = new { displayName = name, email, password = $"bench {NewCommandId():n}" };
        var payload = await SendAsync(http, token: null, Register, input, cancellation);
        return new(http, payload.GetProperty("accessToken").GetString()!);
    }

    public async Task<Guid> CreateRoomAsync(string name, CancellationToken cancellation)
    {
        const string Create =
            "mutation($input: CreateRoomInput!) { createRoom(input: $input) { room { id } errors { code message } } }";
        var payload = await SendAsync(http, token, Create, new { commandId = NewCommandId(), name }, cancellation);
        return payload.GetProperty("room").GetProperty("id").GetGuid();
    }

    /// <summary>The position of the room's stream at which the viewer is a member.</summary>
    public async Task<long> JoinRoomAsync(Guid roomId, CancellationToken cancellation)
    {
        const string Join =
            "mutation($input: JoinRoomInput!) { joinRoom(input: $input) { position errors { code message } } }";
        var payload = await SendAsync(
            http, token, Join, new { commandId = NewCommandId(), roomId }, cancellation);
        return payload.GetProperty("position").GetInt64();
    }

    public async Task<Guid> IdAsync(CancellationToken cancellation)
    {
        var viewer = await SendAsync(http, token, "{ viewer { user { id } } }", null, cancellation);
        return viewer.GetProperty("user").GetProperty("id").GetGuid();
    }

    public Task PostMessageAsync(Guid roomId, string text, CancellationToken cancellation) =>
        SendAsync(http, token, Post, new { commandId = NewCommandId(), roomId, text }, cancellation);

    private static Guid NewCommandId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    /// <summary>
    /// The payload of the document's one field. Anything but success is an exception: the run is worthless then.
    /// </summary>
    private static async Task<JsonElement> SendAsync(
        HttpClient http, string? token, string query, object? input, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql")
        {
            Content = JsonContent.Create(new { query, variables = new { input } }),
        };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        if (!answer.TryGetProperty("data", out var data) || data.ValueKind is not JsonValueKind.Object)
            throw new InvalidOperationException($"The server answered {answer}.");
        var payload = data.EnumerateObject().Single().Value;
        if (payload.TryGetProperty("errors", out var errors) && errors.GetArrayLength() > 0)
            throw new InvalidOperationException($"The server refused: {payload}.");
        return payload;
    }
}
