using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chat.Bench.Chat.Clients;

/// <summary>One person's connection to a server, which is set up waiting for each answer, and then polled.</summary>
internal abstract class Connection : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const int SetUpMsMax = 30_000;

    private readonly Socket socket;
    private byte[] received = new byte[BufferBytes];
    private int start;
    private int end;
    private byte[] unsent = [];

    protected Connection(IPEndPoint server, int person, int room)
    {
        socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = SetUpMsMax,
        };
        socket.Connect(server);
        (Person, Room) = (person, room);
    }

    public int Person { get; }

    public int Room { get; }

    /// <summary>Called with the number of each message that arrives.</summary>
    public Action<Connection, int>? Arrived { get; set; }

    /// <summary>Called with what the server answered to a message that it did not take as it should.</summary>
    public Action<string>? Failed { get; set; }

    /// <summary>How many messages have arrived, for <see cref="Traffic"/>.</summary>
    public ref int Place => ref place;

    private int place;

    public abstract void Post(int number);

    /// <summary>From now on nothing waits any more: the poller says when there is something.</summary>
    public void JoinPoller(Poller poller, int number)
    {
        socket.Blocking = false;
        poller.Watch(socket, number);
    }

    /// <summary>Takes what has arrived, without waiting.</summary>
    public void Receive()
    {
        if (unsent.Length > 0)
            Send(ReadOnlySpan<byte>.Empty);
        var count = socket.Receive(received.AsSpan(end), SocketFlags.None, out var error);
        if (error is SocketError.WouldBlock)
            return;
        Took(count, error);
        Consume();
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Takes the next whole unit, if there is one.</summary>
    /// <returns>Its length; 0 where not all of it is there yet.</returns>
    protected abstract int Take(ReadOnlySpan<byte> bytes);

    protected void Message(int number) => Arrived?.Invoke(this, number);

    protected void Failure(string answer) => Failed?.Invoke(answer);

    protected void Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    protected void Send(ReadOnlySpan<byte> bytes)
    {
        if (unsent.Length > 0)
            bytes = unsent = [.. unsent, .. bytes];
        var count = socket.Send(bytes, SocketFlags.None, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
            throw new InvalidOperationException($"A server does not take messages any more: {error}.");
        unsent = count < bytes.Length ? bytes[Math.Max(0, count)..].ToArray() : [];
    }

    /// <summary>While the connection is set up: waits for an answer that ends with this.</summary>
    protected string WaitFor(string ending)
    {
        var bytes = Encoding.UTF8.GetBytes(ending);
        while (true)
        {
            var at = received.AsSpan(start..end).IndexOf(bytes);
            if (at >= 0)
            {
                var answer = Encoding.UTF8.GetString(received, start, at + bytes.Length);
                start += at + bytes.Length;
                return answer;
            }

            var count = socket.Receive(received.AsSpan(end), SocketFlags.None, out var error);
            if (error is not SocketError.Success || count == 0)
            {
                var said = Encoding.UTF8.GetString(received, start, end - start);
                throw new InvalidOperationException($"A server was to say {ending} ({error}), but said: {said}");
            }

            Took(count, error);
        }
    }

    private void Took(int count, SocketError error)
    {
        if (error is not SocketError.Success || count == 0)
            throw new InvalidOperationException($"A server closed the connection of person {Person}: {error}.");
        end += count;
    }

    private void Consume()
    {
        while (start < end && Take(received.AsSpan(start..end)) is > 0 and var length)
            start += length;
        if (start == end)
            (start, end) = (0, 0);
        else if (end > received.Length / 2)
        {
            received.AsSpan(start..end).CopyTo(received);
            (start, end) = (0, end - start);
            if (end > received.Length / 2)
                Array.Resize(ref received, 2 * received.Length);
        }
    }
}
