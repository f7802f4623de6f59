using System.Diagnostics;

namespace Chat.Bench;

/// <summary>Ten people in five rooms: how fast a message arrives at a calm rate, and how many get through.</summary>
internal static class Smoke
{
    public static readonly TimeSpan WholeRunMax = TimeSpan.FromMinutes(2);

    public const int CalmMessagesPerSecond = 50;

    public const int Senders = 10;
    public const int Rooms = 5;


    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastDeliveriesMax = TimeSpan.FromSeconds(15);

    public static async Task<Report> RunAsync(Uri server, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server, "/") };
        var sent = new SentMessages();
        var (senders, listeners) = await GatherAsync(http, server, sent, cancellation);
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reception = Task.WhenAll(listeners.Select(listener => listener.ListenAsync(listening.Token)));

        await SaturateAsync(senders, sent, WarmUp, cancellation);
        await DeliveredAsync(listeners, sent, reception, cancellation);

        var calmStart = sent.Count;
        await KeepRateAsync(senders, sent, cancellation);
        await DeliveredAsync(listeners, sent, reception, cancellation);

        var fullStart = sent.Count;
        var clock = Stopwatch.StartNew();
        await SaturateAsync(senders, sent, Phase, cancellation);
        var posting = clock.Elapsed;
        await DeliveredAsync(listeners, sent, reception, cancellation);
        var delivering = clock.Elapsed;

        await listening.CancelAsync();
        await reception;
        var report = Report.Of(sent, listeners, calmStart, fullStart, posting, delivering);
        foreach (var listener in listeners) listener.Dispose();
        return report;
    }

    private static async Task<(Sender[] Senders, RoomListener[] Listeners)> GatherAsync(
        HttpClient http, Uri server, SentMessages sent, CancellationToken cancellation)
    {
        var senders = new Sender[Senders];
        var listeners = new RoomListener[Senders];
        var rooms = new Guid[Rooms];
        for (var i = 0; i < Senders; i++)
        {
            var user = await ChatUser.RegisterAsync(http, $"Sender {i}", cancellation);
            var room = (byte)(i % Rooms);
            if (i < Rooms) rooms[room] = await user.CreateRoomAsync($"Bench {room}", cancellation);
            else await user.JoinRoomAsync(rooms[room], cancellation);
            senders[i] = new(user, rooms[room], room);
        }

        for (var i = 0; i < Senders; i++)
        {
            var (user, roomId, room) = senders[i];
            listeners[i] = await RoomListener.OpenAsync(server, user.Token, roomId, room, sent, cancellation);
        }

        return (senders, listeners);
    }

    /// <summary>Every sender posts as fast as answers come.</summary>
    private static Task SaturateAsync(
        Sender[] senders, SentMessages sent, TimeSpan time, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        return Task.WhenAll(senders.Select(async sender =>
        {
            while (clock.Elapsed < time) await sender.PostAsync(sent, cancellation);
        }));
    }

    /// <summary>
    /// Messages leave at their times, whether those before are answered or not:
    /// a slow server does not slow the measuring.
    /// </summary>
    private static async Task KeepRateAsync(Sender[] senders, SentMessages sent, CancellationToken cancellation)
    {
        var count = (int)(CalmMessagesPerSecond * Phase.TotalSeconds);
        var posts = new Task[count];
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            var wait = TimeSpan.FromSeconds((double)i / CalmMessagesPerSecond) - clock.Elapsed;
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellation);
            posts[i] = senders[i % senders.Length].PostAsync(sent, cancellation);
        }

        await Task.WhenAll(posts);
    }

    /// <summary>Waits until everything sent has arrived; what has not after a while counts as lost.</summary>
    private static async Task DeliveredAsync(
        RoomListener[] listeners, SentMessages sent, Task reception, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var expected = sent.DeliveriesTo(listeners);
        while (listeners.Sum(listener => listener.Delivered) < expected && clock.Elapsed < LastDeliveriesMax)
        {
            if (reception.IsFaulted) await reception;
            await Task.Delay(TimeSpan.FromMilliseconds(1), cancellation);
        }
    }
}

/// <summary>Someone who posts to one room.</summary>
internal sealed record Sender(ChatUser User, Guid RoomId, byte Room)
{
    public Task PostAsync(SentMessages sent, CancellationToken cancellation) =>
        User.PostMessageAsync(RoomId, sent.Next(Room), cancellation);
}
