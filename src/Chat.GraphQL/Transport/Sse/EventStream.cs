using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Chat.GraphQL;

/// <summary>
/// An open response that server-sent events are written to. One event is sent at a time; who sends waits until the
/// client has taken it, so that nothing queues up for a slow one.
/// </summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "An operation that ends late may still wait; the semaphore holds no handle.")]
internal sealed class EventStream(HttpContext http, GraphQLOptions options, TimeProvider time)
{
    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    private readonly SemaphoreSlim sending = new(1, 1);
    private bool isClosed;

    /// <summary>Sends the headers; the comment makes browsers see them at once.</summary>
    public Task OpenAsync()
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = MediaTypes.EventStream + "; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache, no-transform";
        // nginx would otherwise collect the events until its buffer is full.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return SendAsync(Comment, http.RequestAborted);
    }

    /// <summary>Sends an event unless its sender has been stopped or the stream closed meanwhile.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken sender)
    {
        await sending.WaitAsync(sender);
        try
        {
            if (isClosed || sender.IsCancellationRequested)
                return;
            // Half an event must not stay in the stream: only a client that takes too long ends the writing.
            using var timeout = new CancellationTokenSource(options.SocketSendTimeout, time);
            await using var onTimeout = timeout.Token.Register(http.Abort);
            await http.Response.BodyWriter.WriteAsync(message, http.RequestAborted);
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Sends a comment now and then, until the token fires.</summary>
    public async Task KeepAliveAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(options.StreamKeepAliveInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
                await SendAsync(Comment, ended);
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    /// <summary>Nothing is written any more: the response ends.</summary>
    public async Task CloseAsync()
    {
        await sending.WaitAsync();
        isClosed = true;
        sending.Release();
    }
}
