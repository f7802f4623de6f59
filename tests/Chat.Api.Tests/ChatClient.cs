using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chat.Api.Tests;

/// <summary>An API client: speaks GraphQL documents only, as anybody would.</summary>
public sealed class ChatClient(Uri address) : IDisposable
{
    public const string Password = "correct horse battery";

    public HttpClient Http { get; } = new(new HttpClientHandler { UseCookies = false }) { BaseAddress = address };

    public Uri Address { get; } = address;

    public string? Token { get; private set; }

    public string? RefreshToken { get; private set; }

    public Guid Id { get; private set; }

    public string? Email { get; private set; }

    /// <summary>The whole response.</summary>
    public async Task<JsonElement> SendAsync(string document, object? variables = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = JsonContent.Create(new { query = document, variables }),
        };
        if (Token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await Http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Exchanges.Add(document, JsonSerializer.SerializeToElement(variables), answer);
        return answer;
    }

    /// <summary>The data of a response without errors.</summary>
    public async Task<JsonElement> DataAsync(string document, object? variables = null)
    {
        var response = await SendAsync(document, variables);
        response.TryGetProperty("errors", out var errors).ShouldBeFalse(errors.ToString());
        return response.GetProperty("data");
    }

    /// <summary>The code of a response's first error.</summary>
    public async Task<string?> ErrorCodeAsync(string document, object? variables = null)
    {
        var response = await SendAsync(document, variables);
        return response.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString();
    }

    /// <summary>A mutation's payload, which may hold errors as data.</summary>
    public async Task<JsonElement> PayloadAsync(string mutation, object input, string selection)
    {
        var type = char.ToUpperInvariant(mutation[0]) + mutation[1..] + "Input";
        var data = await DataAsync(
            $$"""
            mutation($input: {{type}}!) {
              {{mutation}}(input: $input) { {{selection}} errors { code message field retryAfterMs } }
            }
            """,
            new { input });
        return data.GetProperty(mutation);
    }

    /// <summary>A mutation's payload without errors.</summary>
    public async Task<JsonElement> DoAsync(string mutation, object input, string selection)
    {
        var payload = await PayloadAsync(mutation, input, selection);
        payload.GetProperty("errors").GetArrayLength().ShouldBe(0, payload.ToString());
        return payload;
    }

    /// <summary>The code and field of the refusal that a mutation answers, which must do nothing else.</summary>
    public async Task<(string Code, string? Field)> RefusalAsync(
        string mutation, object input, string selection = "__typename")
    {
        var payload = await PayloadAsync(mutation, input, selection);
        payload.GetProperty("errors").GetArrayLength().ShouldBeGreaterThan(0, payload.ToString());
        var error = payload.GetProperty("errors")[0];
        error.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
        return (error.GetProperty("code").GetString()!, error.GetProperty("field").GetString());
    }

    /// <summary>The payload of a mutation whose arguments are written out.</summary>
    public async Task<JsonElement> CallAsync(string call, string selection = "ok")
    {
        var data = await DataAsync($"mutation {{ payload: {call} {{ {selection} errors {{ code field }} }} }}");
        return data.GetProperty("payload");
    }

    /// <summary>The code of the refusal of a mutation whose arguments are written out; null when it is done.</summary>
    public async Task<string?> CallCodeAsync(string call)
    {
        var errors = (await CallAsync(call, "__typename")).GetProperty("errors");
        return errors.GetArrayLength() == 0 ? null : errors[0].GetProperty("code").GetString();
    }

    /// <summary>Whether the token that it has is somebody's.</summary>
    public async Task<bool> IsSignedInAsync() =>
        (await DataAsync("{ viewer { role } }")).GetProperty("viewer").ValueKind == JsonValueKind.Object;

    /// <summary>Takes a token that was got otherwise.</summary>
    public void Use(string? token, string? refreshToken = null, Guid? id = null) =>
        (Token, RefreshToken, Id) = (token, refreshToken, id ?? Id);

    public Task RegisterAsync(string email, string name)
    {
        Email = email;
        return EnterAsync("register", new { email, password = Password, displayName = name });
    }

    /// <summary>The same session, at another node.</summary>
    public ChatClient At(Uri node) => new(node) { Token = Token, RefreshToken = RefreshToken, Id = Id, Email = Email };

    public Task SignInAsync(string email) => EnterAsync("signIn", new { email, password = Password });

    public Task EnterAsGuestAsync(string name) => EnterAsync("enterAsGuest", new { displayName = name });

    public async Task<Guid> CreateRoomAsync(string name = "Tea", string visibility = "PUBLIC", bool encrypted = false)
    {
        var payload = await DoAsync("createRoom", new { name, visibility, encrypted }, "room { id }");
        return payload.GetProperty("room").GetProperty("id").GetGuid();
    }

    public Task<JsonElement> JoinAsync(Guid roomId) =>
        DoAsync("joinRoom", new { roomId }, "position room { memberCount }");

    public Task<JsonElement> LeaveAsync(Guid roomId) => DoAsync("leaveRoom", new { roomId }, "position");

    public async Task<long> PostAsync(Guid roomId, string text, Guid? commandId = null)
    {
        var payload = await DoAsync("postMessage", new { roomId, text, commandId }, "position message { id text }");
        return payload.GetProperty("position").GetInt64();
    }

    public Task TypeAsync(Guid roomId, bool typing = true) => DoAsync("setTyping", new { roomId, typing }, "ok");

    /// <summary>How somebody is there, as this client sees it among the members of a room.</summary>
    public async Task<string?> PresenceOfAsync(Guid accountId, Guid roomId)
    {
        var data = await DataAsync(
            "query($id: UUID!) { room(id: $id) { members { nodes { user { id presence } } } } }", new { id = roomId });
        return data.GetProperty("room").GetProperty("members").GetProperty("nodes").EnumerateArray()
            .Select(member => member.GetProperty("user")).Single(user => user.GetProperty("id").GetGuid() == accountId)
            .GetProperty("presence").GetString();
    }

    public Task<ChatSocket> ConnectAsync() => ChatSocket.ConnectAsync(Address, Token);

    public void Dispose() => Http.Dispose();

    private async Task EnterAsync(string mutation, object input)
    {
        var payload = await DoAsync(mutation, input, "accessToken refreshToken viewer { user { id } }");
        Token = payload.GetProperty("accessToken").GetString().ShouldNotBeNull();
        RefreshToken = payload.GetProperty("refreshToken").GetString().ShouldNotBeNull();
        Id = payload.GetProperty("viewer").GetProperty("user").GetProperty("id").GetGuid();
    }
}
