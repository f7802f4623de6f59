using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chat.Model.Runs;

/// <summary>One person's requests, to any of the nodes under one session.</summary>
internal sealed class Client(IReadOnlyList<HttpClient> nodes)
{
    public const string Password = "correct horse battery";

    private string? _access;
    private string? _refresh;

    public Guid Id { get; private set; }

    public string Token => _access!;

    public Task RegisterAsync(string name) => BeginAsync(
        "register", "input: RegisterInput!",
        new { email = $"{name}-{Guid.NewGuid():N}@example.org", password = Password, displayName = name });

    public Task EnterAsGuestAsync(string name) =>
        BeginAsync("enterAsGuest", "input: EnterAsGuestInput!", new { displayName = name });

    /// <summary>Access tokens end with the time that the run moves forward.</summary>
    public async Task RefreshAsync()
    {
        if (_refresh is null)
            return;
        var data = await DataAsync(
            0,
            "mutation($t: String!) { refreshSession(refreshToken: $t) { accessToken refreshToken errors { code } } }",
            new { t = _refresh }, signed: false);
        Keep(data.GetProperty("refreshSession"));
    }

    public async Task<JsonElement> DataAsync(int node, string document, object? variables = null, bool signed = true)
    {
        var answer = await SendAsync(node, document, variables, signed);
        answer.TryGetProperty("errors", out var errors).ShouldBeFalse($"{errors} for {document}");
        return answer.GetProperty("data");
    }

    public async Task<JsonElement> SendAsync(int node, string document, object? variables = null, bool signed = true) =>
        JsonSerializer.Deserialize<JsonElement>(await BytesAsync(node, document, variables, signed));

    /// <summary>The response as it came.</summary>
    public async Task<byte[]> BytesAsync(int node, string document, object? variables = null, bool signed = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = JsonContent.Create(new { query = document, variables }),
        };
        if (signed && _access is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _access);
        using var response = await nodes[node].SendAsync(request);
        return await response.Content.ReadAsByteArrayAsync();
    }

    private async Task BeginAsync(string mutation, string variable, object input)
    {
        var data = await DataAsync(
            0,
            $$"""
            mutation(${{variable}}) { {{mutation}}(input: $input) {
              accessToken refreshToken viewer { user { id } } errors { code message }
            } }
            """,
            new { input }, signed: false);
        var payload = data.GetProperty(mutation);
        Keep(payload);
        Id = payload.GetProperty("viewer").GetProperty("user").GetProperty("id").GetGuid();
    }

    private void Keep(JsonElement payload)
    {
        payload.GetProperty("errors").GetArrayLength().ShouldBe(0, payload.ToString());
        _access = payload.GetProperty("accessToken").GetString();
        _refresh = payload.GetProperty("refreshToken").GetString();
    }
}
