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

    public Guid Id { get; private set; }

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
            mutation($input: {{type}}!) { {{mutation}}(input: $input) { {{selection}} errors { code message field } } }
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

    public Task RegisterAsync(string email, string name) =>
        EnterAsync("register", new { email, password = Password, displayName = name });

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

    public Task<ChatSocket> ConnectAsync() => ChatSocket.ConnectAsync(Address, Token);

    public void Dispose() => Http.Dispose();

    private async Task EnterAsync(string mutation, object input)
    {
        var payload = await DoAsync(mutation, input, "accessToken viewer { user { id } }");
        Token = payload.GetProperty("accessToken").GetString().ShouldNotBeNull();
        Id = payload.GetProperty("viewer").GetProperty("user").GetProperty("id").GetGuid();
    }
}
