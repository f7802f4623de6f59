using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chat.Api.Tests.Realtime;

/// <summary>Operations whose results go to an event stream belong to a session, as those of a socket do.</summary>
public sealed class EventStreamTests(ChatServer server) : IClassFixture<ChatServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_rooms_events_arrive_until_the_session_ends()
    {
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        using var response = await OpenAsync(
            alice, "subscription($id: UUID!) { roomEvents(roomId: $id, after: 0) { position } }", new { id = room });
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        (await NextAsync(reader)).GetProperty("data").GetProperty("roomEvents").GetProperty("position").GetInt64()
            .ShouldBe(1);
        await alice.PostAsync(room, "hi");
        (await NextAsync(reader)).GetProperty("data").GetProperty("roomEvents").GetProperty("position").GetInt64()
            .ShouldBe(2);

        await alice.DataAsync("mutation { signOut { ok } }");
        (await NextAsync(reader)).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()
            .ShouldBe("SESSION_ENDED");
        using var late = await OpenAsync(alice, "subscription { viewer: __typename }");
        late.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Sessions_do_not_begin_or_end_there()
    {
        using var alice = await server.PersonAsync("Alice");
        using var response = await OpenAsync(alice, "mutation { signOut { ok errors { code } } }");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        var signOut = (await NextAsync(reader)).GetProperty("data").GetProperty("signOut");
        signOut.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("SESSION_OVER_SOCKET");
        (await alice.DataAsync("{ viewer { role } }")).GetProperty("viewer").ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task A_cookie_alone_opens_nothing()
    {
        using var alice = await server.PersonAsync("Alice");
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Get, HttpMethod.Delete })
        {
            using var request = new HttpRequestMessage(method, "/graphql?query={__typename}");
            request.Headers.Add("cookie", "chat_session=" + alice.Token);
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var response = await alice.Http.SendAsync(request, Cancel);
            response.StatusCode.ShouldBe(HttpStatusCode.Forbidden, method.Method);
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<HttpResponseMessage> OpenAsync(ChatClient client, string query, object? variables = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = JsonContent.Create(new { query, variables }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", client.Token);
        request.Headers.Accept.ParseAdd("text/event-stream");
        return await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    private static async Task<JsonElement> NextAsync(StreamReader reader)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal))
                return JsonDocument.Parse(line["data: ".Length..]).RootElement;
        }

        throw new EndOfStreamException();
    }
}
