using Chat.Domain;
using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using Chat.EventStore;
using Chat.Projections;
using Chat.Projections.Messages;
using Chat.Projections.Rooms;

namespace Chat.Api.Messages;

/// <summary>
/// What decisions about messages take beside their room's state (docs/adr/0011-message-facts.md), and the version of
/// the room up to which it is so. <paramref name="Messages"/>: null for those that are not there.
/// </summary>
internal sealed record MessageFacts(
    Guid RoomId, long Version, IReadOnlyDictionary<Guid, Message?> Messages, Reactions? Reactions)
{
    public Message? this[Guid? messageId] => messageId is { } id ? Messages.GetValueOrDefault(id) : null;

    public MessageFacts Next(StoredEvent stored)
    {
        var e = (RoomEvent)stored.Data;
        var moment = new Moment(stored.Version, stored.Timestamp);
        return this with
        {
            Version = stored.Version,
            Messages = Messages.ToDictionary(
                one => one.Key, one => Message.Evolve(one.Value, RoomId, one.Key, e, moment)),
            Reactions = Reactions?.Evolve(e),
        };
    }
}

/// <summary>Takes facts from the read models and brings them forward by the log.</summary>
internal sealed class MessageFactsSource(EventLog log, SnapshotSource snapshots)
{
    /// <summary>A message, wherever it is, and its reactions as somebody sees them; null when there is none.</summary>
    public async Task<MessageFacts?> FindAsync(Guid messageId, Guid? reactorId, CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        if ((await FindAsync(snapshot, [messageId], ct)).FirstOrDefault() is not { } row)
            return null;
        return new MessageFacts(
            row.RoomId,
            await VersionAsync(snapshot, row.RoomId, ct),
            new Dictionary<Guid, Message?> { [messageId] = row.ToFact() },
            reactorId is { } reactor ? await new ReactionReader(snapshot).FactAsync(messageId, reactor, ct) : null);
    }

    /// <summary>Messages that somebody names in a room, whether they are there or not.</summary>
    public async Task<MessageFacts> NamedAsync(Guid roomId, IReadOnlyList<Guid> messageIds, CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        var rows = (await FindAsync(snapshot, messageIds, ct)).ToDictionary(row => row.Id);
        return new MessageFacts(
            roomId,
            await VersionAsync(snapshot, roomId, ct),
            messageIds.ToDictionary(id => id, id => rows.GetValueOrDefault(id)?.ToFact()),
            Reactions: null);
    }

    /// <summary>The facts at a version of their room, or at a later one where they are that already.</summary>
    public async Task<MessageFacts> ForwardAsync(MessageFacts facts, long version, CancellationToken ct)
    {
        if (facts.Version >= version)
            return facts;
        await foreach (var stored in log.ReadStreamAsync(facts.RoomId, facts.Version + 1, version, ct))
            facts = facts.Next(stored);
        return facts;
    }

    private static Task<List<MessageRow>> FindAsync(
        ReadSnapshot snapshot, IReadOnlyList<Guid> messageIds, CancellationToken ct) =>
        new MessageReader(snapshot).FindAsync([.. messageIds.Select(id => new MessageKey(id, Floor: 0))], ct);

    private static async Task<long> VersionAsync(ReadSnapshot snapshot, Guid roomId, CancellationToken ct) =>
        (await new RoomReader(snapshot).FindAsync([roomId], ct)).FirstOrDefault()?.Position ?? 0;
}
