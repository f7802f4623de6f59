using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;

namespace Chat.GraphQL;

/// <summary>
/// Sends and receives whole messages. One message is sent at a time; who sends waits until the socket has taken it, so
/// that nothing queues up for a slow client.
/// </summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "An operation that ends late may still wait; the semaphore holds no handle.")]
internal sealed class SocketChannel(WebSocket socket, GraphQLOptions options, TimeProvider time)
{
    /// <summary>Time for the client to answer the close frame.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private const int FirstReceive = 4 * 1024;
    private readonly SemaphoreSlim sending = new(1, 1);
    private bool isClosed;

    /// <summary>Sends a text message unless its sender has been stopped or the socket closed meanwhile.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken sender) =>
        SendAsync(ReadOnlyMemory<byte>.Empty, message, ReadOnlyMemory<byte>.Empty, null, sender);

    /// <summary>
    /// Sends a text message that consists of three parts. Mostly the socket takes it at once, and nothing is allocated.
    /// When it is the message's turn, <paramref name="onSending"/> runs before.
    /// </summary>
    public ValueTask SendAsync(
        ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> tail, Action? onSending,
        CancellationToken sender)
    {
        if (sender.IsCancellationRequested)
            return ValueTask.FromCanceled(sender);
        return sending.Wait(0, CancellationToken.None)
            ? SendAloneAsync(head, body, tail, onSending, sender)
            : WaitAndSendAsync(head, body, tail, onSending, sender);
    }

    /// <summary>
    /// Receives the next text message into a pooled array. Null when the client has closed the socket; otherwise a
    /// reason to close it when the message breaks the rules.
    /// </summary>
    public async Task<(ReceivedMessage? Message, CloseReason? Violation)> ReceiveAsync()
    {
        // No memory is held for a socket on which nothing arrives.
        var result = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
        var message = new ReceivedMessage(ArrayPool<byte>.Shared.Rent(FirstReceive));
        while (result.MessageType == WebSocketMessageType.Text && !result.EndOfMessage)
        {
            if (message.Length > options.MaxSocketMessageBytes)
                break;
            result = await socket.ReceiveAsync(message.Free(), CancellationToken.None);
            message.Length += result.Count;
        }

        if (result.MessageType == WebSocketMessageType.Text && message.Length <= options.MaxSocketMessageBytes)
            return (message, null);
        message.Dispose();
        return result.MessageType switch
        {
            WebSocketMessageType.Close => (null, null),
            WebSocketMessageType.Text => (null, CloseReason.TooBig),
            _ => (null, CloseReason.Invalid("Messages must be text")),
        };
    }

    /// <summary>Sends the close frame. Nothing is sent after it.</summary>
    public async Task CloseOutputAsync(CloseReason reason)
    {
        using var timeout = new CancellationTokenSource(CloseTimeout, time);
        try
        {
            await sending.WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            // Someone has been sending to a client that does not read; there is no polite way out.
            socket.Abort();
            return;
        }

        try
        {
            if (isClosed || socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
                return;
            isClosed = true;
            await socket.CloseOutputAsync((WebSocketCloseStatus)reason.Code, reason.Text, timeout.Token);
        }
        finally
        {
            sending.Release();
        }
    }

    public void Abort() => socket.Abort();

    private async ValueTask WaitAndSendAsync(
        ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> tail, Action? onSending,
        CancellationToken sender)
    {
        await sending.WaitAsync(sender);
        await SendAloneAsync(head, body, tail, onSending, sender);
    }

    /// <summary>Sends while nobody else may, and then lets the next one.</summary>
    private ValueTask SendAloneAsync(
        ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> tail, Action? onSending,
        CancellationToken sender)
    {
        if (isClosed || sender.IsCancellationRequested)
        {
            sending.Release();
            return ValueTask.CompletedTask;
        }

        onSending?.Invoke();
        var length = head.Length + body.Length + tail.Length;
        var message = ArrayPool<byte>.Shared.Rent(length);
        head.CopyTo(message);
        body.CopyTo(message.AsMemory(head.Length));
        tail.CopyTo(message.AsMemory(head.Length + body.Length));
        // A send that is cancelled aborts the socket: it is given no token, and only one that takes too long is ended.
        ValueTask sent;
        try
        {
            sent = socket.SendAsync(
                message.AsMemory(0, length), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        catch
        {
            EndSend(message);
            throw;
        }

        if (!sent.IsCompletedSuccessfully)
            return FinishAsync(sent.AsTask(), message);
        sent.GetAwaiter().GetResult();
        EndSend(message);
        return ValueTask.CompletedTask;
    }

    private async ValueTask FinishAsync(Task sent, byte[] message)
    {
        try
        {
            await sent.WaitAsync(options.SocketSendTimeout, time);
        }
        catch (TimeoutException)
        {
            socket.Abort();
            await sent;
        }
        finally
        {
            EndSend(message);
        }
    }

    private void EndSend(byte[] message)
    {
        ArrayPool<byte>.Shared.Return(message);
        sending.Release();
    }
}

/// <summary>A message in a pooled array.</summary>
internal sealed class ReceivedMessage(byte[] bytes) : IDisposable
{
    private byte[] bytes = bytes;

    public int Length { get; set; }

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Length);

    /// <summary>Room for what comes next.</summary>
    public Memory<byte> Free()
    {
        if (Length == bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
            bytes.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }

        return bytes.AsMemory(Length);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(bytes);
}
