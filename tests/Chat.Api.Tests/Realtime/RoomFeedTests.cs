using Chat.Api.Realtime;
using Chat.Api.Tests.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Api.Tests.Realtime;

public sealed class RoomFeedTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task The_window_is_bounded_in_bytes_and_keeps_the_newest()
    {
        var large = string.Concat(Enumerable.Repeat("😀", 10_000));
        const int messages = 40;
        using var watch = await WatchAsync(messages, large);
        var head = watch.Feed.Head;
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
        using var watch = await WatchAsync(RoomWindow.EventsMax + 10, "small");
        var head = watch.Feed.Head;

        for (var position = 1L; position <= head; position++)
        {
            var kept = watch.Feed.At(position);
            if (position > head - RoomWindow.EventsMax)
                kept!.Version.ShouldBe(position);
            else
                kept.ShouldBeNull();
        }
    }

    // A room that is watched while so much is said there.
    private async Task<RoomWatch> WatchAsync(int messages, string text)
    {
        using var alice = await server.PersonAsync("Alice");
        var roomId = await alice.CreateRoomAsync();
        var watch = server.Services.GetRequiredService<RoomFeeds>().Watch(
            roomId, TestContext.Current.CancellationToken);
        for (var i = 0; i < messages; i++)
            await alice.SayAsync(roomId, text);
        var head = await alice.PositionAsync(roomId);
        await Eventually.TrueAsync(() => Task.FromResult(watch.Feed.Head == head));
        return watch;
    }
}
