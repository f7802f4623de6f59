using System.Globalization;
using Chat.Api.Realtime.Backplanes;

namespace Chat.Api.Realtime;

/// <summary>Tells an account's other tabs and devices, on whatever node, how far it has read.</summary>
internal sealed class ReadMarkers
{
    public const char Kind = 'm';

    private readonly ViewerFeeds _feeds;
    private readonly Signals _signals;

    public ReadMarkers(ViewerFeeds feeds, Signals signals)
    {
        (_feeds, _signals) = (feeds, signals);
        signals.On(Kind, Heard);
    }

    public void Tell(Guid accountId, ReadMarkerMoved marker)
    {
        _feeds.Tell(accountId, marker);
        _signals.Publish(Kind, string.Create(
            CultureInfo.InvariantCulture,
            $"{accountId:N},{marker.RoomId:N},{marker.Position},{marker.UnreadCount},{marker.MentionCount}"));
    }

    private void Heard(Guid node, string text)
    {
        if (text.Split(',') is [var account, var room, var position, var unread, var mentions]
            && Guid.TryParseExact(account, "N", out var accountId) && Guid.TryParseExact(room, "N", out var roomId)
            && long.TryParse(position, CultureInfo.InvariantCulture, out var at)
            && int.TryParse(unread, CultureInfo.InvariantCulture, out var unreadCount)
            && int.TryParse(mentions, CultureInfo.InvariantCulture, out var mentionCount))
            _feeds.Tell(accountId, new ReadMarkerMoved(roomId, at, unreadCount, mentionCount));
    }
}
