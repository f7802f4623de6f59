using Chat.Api.Accounts;
using Chat.Api.Realtime.Backplanes;
using Chat.Domain.Messages;
using Chat.EventStore;

namespace Chat.Api.Realtime;

/// <summary>Somebody began to type in a room, or stopped.</summary>
public sealed record TypingSignal([property: GraphQLIgnore] Guid AccountId, bool Typing) : IPersonSignal;

[ObjectType<TypingSignal>]
internal static class TypingSignalType
{
    public static Task<User> UserAsync([Parent] TypingSignal signal, AccountLoader accounts, CancellationToken ct) =>
        accounts.UserAsync(signal.AccountId, ct);
}

/// <summary>
/// Who is typing, as every node knows it. It ends with a post, with a word of the client's, or by itself: each node
/// lets it end, so that no node has to be heard for that.
/// </summary>
internal sealed class TypingRooms : BackgroundService
{
    public const char Kind = 't';

    /// <summary>People that are typing at a time, in all rooms; past it, nobody else is shown.</summary>
    public const int TypistsMax = 50_000;

    public static readonly TimeSpan EndsAfter = TimeSpan.FromSeconds(6);
    public static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(250);

    private readonly Signals _signals;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid Room, Guid Account), (DateTimeOffset Ends, bool IsOurs)> _typists = [];

    public TypingRooms(Signals signals, TimeProvider clock)
    {
        (_signals, _clock) = (signals, clock);
        signals.On(Kind, Heard);
    }

    public RoomWatchers<TypingSignal> Watchers { get; } = new();

    /// <summary>Somebody on this node says that they type, or that they do not.</summary>
    public void Set(Guid roomId, Guid accountId, bool typing)
    {
        if (Change(roomId, accountId, typing, isOurs: true) || typing)
            _signals.Publish(Kind, $"{roomId:N}{accountId:N}{(typing ? 1 : 0)}");
    }

    /// <summary>Who is typing in a room now, but for one.</summary>
    public IReadOnlyList<TypingSignal> In(Guid roomId, Guid exceptId)
    {
        lock (_lock)
        {
            return
            [
                .. _typists.Keys.Where(key => key.Room == roomId && key.Account != exceptId)
                    .Select(key => new TypingSignal(key.Account, Typing: true)),
            ];
        }
    }

    /// <summary>Takes the log's next page: a message is typed no longer, and who is out types no more.</summary>
    public void Follow(IReadOnlyList<StoredEvent> page)
    {
        Watchers.Follow(page);
        if (IsNobodyTyping())
            return;
        foreach (var stored in page)
        {
            var typist = stored.DataOrNull() is MessagePosted post ? post.AuthorId : Departure.Of(stored);
            if (typist is { } accountId)
                End(stored.StreamId, accountId);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepEvery, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Sweep();
    }

    private void Heard(Guid node, string text)
    {
        if (text.Length == 65 && Guid.TryParseExact(text[..32], "N", out var room)
            && Guid.TryParseExact(text[32..64], "N", out var account))
            Change(room, account, typing: text[64] == '1', isOurs: false);
    }

    // Who was told of it on this node says so to the others, after what they said before: a signal that comes late
    // cannot begin again what the post has ended.
    private void End(Guid roomId, Guid accountId)
    {
        bool isOurs;
        lock (_lock)
            isOurs = _typists.TryGetValue((roomId, accountId), out var typist) && typist.IsOurs;
        if (isOurs)
            Set(roomId, accountId, typing: false);
        else
            Change(roomId, accountId, typing: false, isOurs: false);
    }

    private bool Change(Guid roomId, Guid accountId, bool typing, bool isOurs)
    {
        lock (_lock)
        {
            var key = (roomId, accountId);
            var wasTyping = _typists.ContainsKey(key);
            if (typing && (wasTyping || _typists.Count < TypistsMax))
                _typists[key] = (_clock.GetUtcNow() + EndsAfter, isOurs);
            else
                _typists.Remove(key);
            if (wasTyping == typing)
                return false;
            // Told inside the lock: two changes reach the watchers in the order in which they were made.
            Watchers.Tell(roomId, new TypingSignal(accountId, typing));
            return true;
        }
    }

    private bool IsNobodyTyping()
    {
        lock (_lock)
            return _typists.Count == 0;
    }

    // Looks and ends in one go: a typing that is renewed in between would end too early.
    private void Sweep()
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            var over = _typists.Where(typist => typist.Value.Ends <= now).Select(typist => typist.Key).ToList();
            foreach (var (room, account) in over)
                Change(room, account, typing: false, isOurs: false);
        }
    }
}
