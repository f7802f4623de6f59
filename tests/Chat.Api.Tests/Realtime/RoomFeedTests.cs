using Chat.Api.Realtime;
using Chat.Api.Tests.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Api.Tests.Realtime;

public sealed class RoomFeedTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task The_window_is_bounded_in_bytes_and_keeps_the_newest()
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        using var watch = server.Services.GetRequiredService<RoomFeeds>().Watch(
            roomId, TestContext.Current.CancellationToken);
        var large = string.Concat(Enumerable.Repeat("😀", 10_000));
        const int messages = 40;
        for (var i = 0; i < messages; i++)
            await alice.SayAsync(roomId, large);
        var head = await alice.PositionAsync(roomId);
        await Eventually.TrueAsync(() => Task.FromResult(watch.Feed.Head == head));
        var kept = Enumerable.Range(1, (int)head).Select(position => watch.Feed.At(position))
            .Where(stored => stored is not null).ToList();
        kept.Count.ShouldBeInRange(2, messages - 1);
        kept[^1]!.Version.ShouldBe(head);
        kept.Sum(stored => (long)stored!.Bytes).ShouldBeLessThanOrEqualTo(RoomWindow.BytesMax);
        kept.ConvertAll(stored => stored!.Version).ShouldBe(
            Enumerable.Range((int)head - kept.Count + 1, kept.Count).Select(position => (long)position));
    }

    [Fact]
    public async Task The_window_is_bounded_in_number_and_keeps_the_newest()
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        using var watch = server.Services.GetRequiredService<RoomFeeds>().Watch(
            roomId, TestContext.Current.CancellationToken);
        for (var i = 0; i < RoomWindow.EventsMax + 10; i++)
            await alice.SayAsync(roomId, "small");
        var head = await alice.PositionAsync(roomId);
        await Eventually.TrueAsync(() => Task.FromResult(watch.Feed.Head == head));

        for (var position = 1L; position <= head; position++)
        {
            var kept = watch.Feed.At(position);
            if (position > head - RoomWindow.EventsMax)
                kept!.Version.ShouldBe(position);
            else
                kept.ShouldBeNull();
        }
    }
}
