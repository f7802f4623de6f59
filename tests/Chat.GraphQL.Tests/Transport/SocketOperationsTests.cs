using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.GraphQL.Tests.Transport;

/// <summary>The operations of a socket that takes its messages when the test says so.</summary>
public sealed class SocketOperationsTests : IAsyncDisposable
{
    private const string Endless =
        "subscription { events(roomId: \"00000001-0000-0000-0000-000000000000\", after: 99) { position } }";

    private const string Finite =
        "subscription { events(roomId: \"00000001-0000-0000-0000-000000000000\", after: 2) { position } }";

    private static readonly Dictionary<string, object?> State = [];

    private readonly InProcess server = InProcess.With(builder => builder.AddChat());
    private readonly GatedSocket socket = new();
    private readonly IdleTimers timers = new();
    private readonly SocketChannel channel;
    private readonly SocketOperations operations;

    public SocketOperationsTests()
    {
        var options = new GraphQLOptions { MaxOperationsPerSocket = 1 };
        channel = new SocketChannel(socket, options, TimeProvider.System);
        operations = new SocketOperations(channel, server.Executor, options, timers, NullLogger.Instance);
    }

    [Fact]
    public async Task What_the_client_completes_does_not_complete_the_next_operation_of_its_id()
    {
        (await StartAsync("1", "{ hello }")).ShouldBeTrue();
        await socket.TakesAsync("next");
        var other = channel.SendAsync("\"other\""u8.ToArray(), Cancel.Test);
        socket.Take();
        await socket.TakesAsync("other");
        // Nothing shows that the operation waits with its "complete" behind the other message. Where it does not yet,
        // the test only sees less.
        await Task.Delay(100, Cancel.Test);

        (await StartAsync("1", Finite)).ShouldBeFalse("the client cannot know yet that the id is free");
        operations.Stop("1");
        (await StartAsync("1", Finite)).ShouldBeTrue();
        socket.Take();
        await other;
        await socket.TakesAsync("\"position\":3");
        socket.Take();
        await socket.TakesAsync("complete");
        socket.Take();
    }

    [Fact]
    public async Task An_id_is_free_when_the_client_hears_that_its_operation_is_complete()
    {
        (await StartAsync("1", "{ hello }")).ShouldBeTrue();
        await socket.TakesAsync("next");
        socket.Take();
        await socket.TakesAsync("complete");
        (await StartAsync("1", "{ hello }")).ShouldBeTrue();
        socket.Take();
        await socket.TakesAsync("next");
        socket.Take();
        await socket.TakesAsync("complete");
        socket.Take();
    }

    [Fact]
    public async Task No_timer_is_left_behind()
    {
        // A stopped operation that is still sending: with two of them, the third has to wait.
        (await StartAsync("1", Endless)).ShouldBeTrue();
        operations.Stop("1");
        (await StartAsync("2", "{ hello }")).ShouldBeTrue();
        await socket.TakesAsync("next");
        operations.Stop("2");
        var third = StartAsync("3", Endless);
        socket.Take();
        (await third).ShouldBeTrue();
        await operations.StopAsync();
        await Eventually.HoldsAsync(() => timers.Running == 0, "all timers are disposed");
    }

    [Fact]
    public async Task A_socket_that_throws_at_once_lets_the_next_message_through()
    {
        socket.Failure = new ObjectDisposedException("socket");
        await Should.ThrowAsync<ObjectDisposedException>(
            async () => await channel.SendAsync("\"first\""u8.ToArray(), Cancel.Test));
        socket.Failure = null;
        var second = channel.SendAsync("\"second\""u8.ToArray(), Cancel.Test);
        await socket.TakesAsync("second");
        socket.Take();
        await second;
    }

    public async ValueTask DisposeAsync()
    {
        await operations.StopAsync();
        await server.DisposeAsync();
        socket.Dispose();
    }

    private Task<bool> StartAsync(string id, string query) =>
        operations.StartAsync(id, new GraphQLRequest(query, null, default), State);

    /// <summary>Timers that never fire.</summary>
    private sealed class IdleTimers : TimeProvider
    {
        private int running;

        public int Running => Volatile.Read(ref running);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref running);
            return new Idle(this);
        }

        private sealed class Idle(IdleTimers timers) : ITimer
        {
            private int disposed;

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                if (Interlocked.Exchange(ref disposed, 1) == 0)
                    Interlocked.Decrement(ref timers.running);
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }

    /// <summary>Holds each message until it is taken.</summary>
    private sealed class GatedSocket : WebSocket
    {
        private readonly Lock gate = new();
        private (string Text, TaskCompletionSource Taken)? held;

        public Exception? Failure { get; set; }

        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => WebSocketState.Open;

        public override string? SubProtocol => null;

        /// <summary>Waits for the next message, which must have the text in it.</summary>
        public async Task TakesAsync(string text)
        {
            await Eventually.HoldsAsync(() => Held is not null, $"a message with {text}");
            Held.ShouldNotBeNull().ShouldContain(text);
        }

        /// <summary>Takes the message that is held.</summary>
        public void Take()
        {
            TaskCompletionSource taken;
            lock (gate)
            {
                taken = held.ShouldNotBeNull().Taken;
                held = null;
            }

            taken.SetResult();
        }

        public override Task SendAsync(
            ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage,
            CancellationToken cancellationToken)
        {
            if (Failure is not null)
                throw Failure;
            var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (gate)
                held = (Encoding.UTF8.GetString(buffer), taken);
            return taken.Task;
        }

        public override void Abort()
        {
        }

        public override Task CloseAsync(
            WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override Task CloseOutputAsync(
            WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override Task<WebSocketReceiveResult> ReceiveAsync(
            ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override void Dispose()
        {
        }

        private string? Held
        {
            get
            {
                lock (gate)
                    return held?.Text;
            }
        }
    }
}
