using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Projections.Rooms;

/// <summary>When each account last posted in a room's slow mode; the end of slow mode forgets it.</summary>
internal static class SlowPostsProjection
{
    private sealed record SlowPost(DateTimeOffset At);

    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var posts = new RoomRows<SlowPost>(
            "slow_posts", "account_id",
            new RowColumn<SlowPost>("posted_at", rows => rows.Select(row => row.At.UtcDateTime).ToArray()));
        var ended = new HashSet<Guid>();
        foreach (var stored in events)
        {
            switch (stored.Data)
            {
                case MessagePosted { Slowed: true } e:
                    posts[stored.StreamId, e.AuthorId] = new SlowPost(stored.Timestamp);
                    break;
                case RoomUpdated { Settings.SlowModeSeconds: 0 }:
                    ended.Add(stored.StreamId);
                    posts.RemoveWhere(stored.StreamId, _ => true);
                    break;
            }
        }

        if (ended.Count > 0)
        {
            transaction.Enqueue(Sql.Command(
                $"delete from {transaction.Schema}.slow_posts where room_id = any($1)", ended.ToArray()));
        }

        posts.Enqueue(transaction);
    }
}
