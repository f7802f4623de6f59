using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>Operations for a shared event stream that are accepted and never start.</summary>
public sealed class UnstartedOperationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("stopped")]
    [InlineData("expired")]
    public async Task Their_session_does_not_hold_them(string how)
    {
        await using var server = await TestServer.StartAsync(
            builder =>
            {
                builder.AddChat().AddInterceptor<Door>();
                builder.Services.AddSingleton<Session>();
            },
            options => options.StreamReservationTimeout = TimeSpan.FromSeconds(how == "expired" ? 0.5 : 60));
        var reserved = await server.Http.PutAsync("/graphql", null, Cancel.Test);
        var token = await reserved.Content.ReadAsStringAsync(Cancel.Test);
        var accepted = await server.Http.PostAsJsonAsync(
            $"/graphql?token={token}", new { query = "{ hello }", extensions = new { operationId = "a" } },
            Cancel.Test);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        if (how == "stopped")
            await server.Http.DeleteAsync($"/graphql?token={token}&operationId=a", Cancel.Test);
        var session = server.Services.GetRequiredService<Session>();
        using var patience = new CancellationTokenSource(Patience);
        while (session.States.Any(state => state.IsAlive))
        {
            await Task.Delay(50, patience.Token);
            GC.Collect();
        }
    }

    public sealed class Session : IDisposable
    {
        private readonly CancellationTokenSource ended = new();

        public CancellationToken Ended => ended.Token;

        public ConcurrentQueue<WeakReference> States { get; } = [];

        public void Dispose() => ended.Dispose();
    }

    public sealed class Door(Session session) : GraphQLInterceptor
    {
        public override ValueTask<ConnectResult> OnEventStreamAsync(
            HttpContext http, IDictionary<string, object?> state, CancellationToken ended)
        {
            session.States.Enqueue(new WeakReference(state));
            return new(ConnectResult.Accept(session.Ended));
        }
    }
}
