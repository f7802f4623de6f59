using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>What an interceptor hangs on a socket's request ends with the socket, however that ends.</summary>
public sealed class SocketDisposalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("client closes")]
    [InlineData("client closes its half")]
    [InlineData("client aborts")]
    [InlineData("client breaks the protocol")]
    [InlineData("session ends")]
    [InlineData("session ends and the client does not answer")]
    [InlineData("server stops")]
    public async Task What_is_registered_at_the_handshake_is_disposed(string how)
    {
        await using var server = await TestServer.StartAsync(builder =>
        {
            builder.AddChat().AddInterceptor<Door>();
            builder.Services.AddSingleton<Watch>();
        });
        var watch = server.Services.GetRequiredService<Watch>();
        using var socket = await server.ConnectAsync();
        await socket.InitAsync();
        await socket.SubscribeAsync(
            "1", "subscription { events(roomId: \"00000001-0000-0000-0000-000000000000\", after: 99) { position } }");
        watch.Disposed.Task.IsCompleted.ShouldBeFalse();
        await EndAsync(how, socket, server, watch);
        await watch.Disposed.Task.WaitAsync(Patience, Cancel.Test);
    }

    private static async Task EndAsync(string how, TestSocket socket, TestServer server, Watch watch)
    {
        switch (how)
        {
            case "client closes":
                await socket.Raw.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", Cancel.Test);
                break;
            case "client closes its half":
                await socket.Raw.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "bye", Cancel.Test);
                break;
            case "client aborts":
                socket.Raw.Abort();
                break;
            case "client breaks the protocol":
                await socket.SendTextAsync("not JSON");
                await AnswerCloseAsync(socket);
                break;
            case "session ends":
                await watch.Session.CancelAsync();
                await AnswerCloseAsync(socket);
                break;
            case "session ends and the client does not answer":
                await watch.Session.CancelAsync();
                break;
            default:
                var stopping = server.StopAsync();
                await AnswerCloseAsync(socket);
                await stopping;
                break;
        }
    }

    private static async Task AnswerCloseAsync(TestSocket socket)
    {
        await socket.ReceiveCloseAsync();
        await socket.Raw.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Cancel.Test);
    }

    public sealed class Watch : IDisposable
    {
        public CancellationTokenSource Session { get; } = new();

        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => Session.Dispose();
    }

    public sealed class Door(Watch watch) : GraphQLInterceptor
    {
        public override ValueTask<ConnectResult> OnConnectAsync(
            HttpContext http, JsonElement? payload, IDictionary<string, object?> state, CancellationToken ct)
        {
            http.Response.RegisterForDispose(new Registration(watch));
            return new(ConnectResult.Accept(watch.Session.Token));
        }
    }

    private sealed class Registration(Watch watch) : IDisposable
    {
        public void Dispose() => watch.Disposed.TrySetResult();
    }
}
