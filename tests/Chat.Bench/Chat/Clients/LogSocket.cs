using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Chat.Bench.Chat.Clients;

/// <summary>A person who follows everything that concerns them, from the beginning.</summary>
internal sealed class LogSocket : GraphQLConnection
{
    private long cursor;

    private LogSocket(Uri server) : base(server, 0, 0)
    {
    }

    /// <summary>Messages that have come.</summary>
    public int Messages { get; private set; }

    public bool IsOrdered { get; private set; } = true;

    public static LogSocket Open(Uri server, string token)
    {
        var socket = new LogSocket(server);
        socket.Open(token, WebDocuments.Events, new { after = 0 });
        return socket;
    }

    public override void Post(int number) => throw new NotSupportedException("Who follows the log does not post.");

    /// <summary>Receives until as many messages have come; false when the time is over before.</summary>
    public bool ReceiveMessages(int count, TimeSpan max)
    {
        var clock = Stopwatch.StartNew();
        using var poller = new Poller();
        JoinPoller(poller, 0);
        var ready = new List<int>();
        while (Messages < count && clock.Elapsed < max)
        {
            poller.Wait(max - clock.Elapsed, ready);
            if (ready.Count > 0)
                Receive();
        }

        return Messages >= count;
    }

    protected override void TakeMessage(ReadOnlySpan<byte> message)
    {
        var name = "\"cursor\":"u8;
        var at = message.IndexOf(name);
        if (!message.StartsWith(EventHead) || at < 0
            || !Utf8Parser.TryParse(message[(at + name.Length)..], out long next, out _))
            throw new InvalidOperationException($"The server sent {Encoding.UTF8.GetString(message)}");
        IsOrdered &= next > cursor;
        cursor = next;
        if (NumberedText.NumberAfter("\"text\":\""u8, message) is >= 0 and var number)
            IsOrdered &= number == Messages++;
    }
}
