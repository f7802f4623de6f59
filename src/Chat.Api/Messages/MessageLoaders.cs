using Chat.Api.Accounts;
using Chat.Api.Rooms;
using Chat.Projections.Messages;
using Chat.Projections.Rooms;

namespace Chat.Api.Messages;

/// <summary>A message above a floor; null below it, and where there is none.</summary>
internal sealed class MessageLoader(MessageReader messages) : BatchDataLoader<MessageKey, MessageRow>
{
    /// <summary>A message that something else names; null where the viewer may not read it.</summary>
    public async Task<MessageView?> VisibleAsync(
        Guid roomId, Guid messageId, Caller caller, RoomAccessLoader access, CancellationToken ct)
    {
        if (await access.LoadAsync((caller, roomId), ct) is not { MayRead: true } room)
            return null;
        return await LoadAsync(new MessageKey(messageId, room.Floor), ct) is { } row ? MessageView.From(row) : null;
    }

    protected override async Task<IReadOnlyDictionary<MessageKey, MessageRow>> LoadBatchAsync(
        IReadOnlyList<MessageKey> keys, CancellationToken ct)
    {
        // One row for each key: viewers of the same message may have different floors.
        var rows = (await messages.FindAsync(keys, ct)).DistinctBy(row => row.Id).ToDictionary(row => row.Id);
        return keys.Where(key => rows.GetValueOrDefault(key.Id)?.Position > key.Floor)
            .ToDictionary(key => key, key => rows[key.Id]);
    }
}

internal sealed class ReactionGroupLoader(ReactionReader reactions) : GroupedDataLoader<Guid, ReactionGroupRow>
{
    protected override async Task<ILookup<Guid, ReactionGroupRow>> LoadGroupedBatchAsync(
        IReadOnlyList<Guid> keys, CancellationToken ct) =>
        (await reactions.GroupsAsync(keys, ct)).ToLookup(row => row.MessageId);
}

/// <summary>The first so many people of a kind of reaction.</summary>
internal sealed class ReactionPeopleLoader(ReactionReader reactions)
    : GroupedDataLoader<(ReactionKey Kind, int First), Guid>
{
    protected override async Task<ILookup<(ReactionKey Kind, int First), Guid>> LoadGroupedBatchAsync(
        IReadOnlyList<(ReactionKey Kind, int First)> keys, CancellationToken ct)
    {
        // One query for each number that the operation asks for.
        var found = new List<((ReactionKey, int) Key, Guid Account)>();
        foreach (var kinds in keys.GroupBy(key => key.First, key => key.Kind))
        {
            var people = await reactions.PeopleAsync([.. kinds], kinds.Key, ct);
            found.AddRange(people.SelectMany(kind => kind.Select(account => ((kind.Key, kinds.Key), account))));
        }

        return found.ToLookup(one => one.Key, one => one.Account);
    }
}

/// <summary>Whether who asks reacted to a message with an emoji.</summary>
internal sealed class OwnReactionLoader(ReactionReader reactions)
    : BatchDataLoader<(Caller Caller, ReactionKey Kind), bool>
{
    protected override async Task<IReadOnlyDictionary<(Caller Caller, ReactionKey Kind), bool>> LoadBatchAsync(
        IReadOnlyList<(Caller Caller, ReactionKey Kind)> keys, CancellationToken ct)
    {
        var sessions = await keys.Select(key => key.Caller).SessionsAsync(ct);
        var own = keys.Where(key => sessions.ContainsKey(key.Caller))
            .ToDictionary(key => key, key => (sessions[key.Caller].Account.Id, key.Kind));
        var found = (await reactions.AmongAsync([.. own.Values.Distinct()], ct)).ToHashSet();
        return own.ToDictionary(one => one.Key, one => found.Contains(one.Value));
    }
}

internal sealed class PinnedLoader(PinReader pins) : BatchDataLoader<(Guid RoomId, Guid MessageId), bool>
{
    protected override async Task<IReadOnlyDictionary<(Guid RoomId, Guid MessageId), bool>> LoadBatchAsync(
        IReadOnlyList<(Guid RoomId, Guid MessageId)> keys, CancellationToken ct)
    {
        var pinned = await pins.AmongAsync(
            [.. keys.Select(key => key.RoomId).Distinct()], [.. keys.Select(key => key.MessageId)], ct);
        return keys.ToDictionary(key => key, key => pinned.Contains(key.MessageId));
    }
}
