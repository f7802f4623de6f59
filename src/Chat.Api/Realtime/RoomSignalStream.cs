using System.Runtime.CompilerServices;
using Chat.Api.Rooms;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Projections;

namespace Chat.Api.Realtime;

/// <summary>
/// What a member is told of a room in passing: first what holds, then what changes, until they are out of the room.
/// </summary>
internal sealed class RoomSignalStream(ReadModelsFollower readModels, SnapshotSource snapshots)
{
    public async IAsyncEnumerable<TSignal> ReadAsync<TSignal>(
        RoomWatchers<TSignal> watchers, Guid roomId, Actor actor,
        Func<ReadSnapshot, Task<IReadOnlyList<TSignal>>> current, [EnumeratorCancellation] CancellationToken ct)
        where TSignal : class, IPersonSignal
    {
        await readModels.Started.WaitAsync(ct);
        // The watch begins before the membership is looked up: who leaves after that is put out of it.
        using var watch = watchers.Watch(roomId, actor.Id);
        var told = new Dictionary<Guid, TSignal>();
        foreach (var signal in await AdmitAsync(roomId, actor, current, ct))
        {
            told[signal.AccountId] = signal;
            yield return signal;
        }

        while (await watch.NextAsync(ct) is { } signal)
        {
            // What became so while it was looked up comes a second time.
            if (!told.Remove(signal.AccountId, out var known) || !known.Equals(signal))
                yield return signal;
        }
    }

    private async Task<IReadOnlyList<TSignal>> AdmitAsync<TSignal>(
        Guid roomId, Actor actor, Func<ReadSnapshot, Task<IReadOnlyList<TSignal>>> current, CancellationToken ct)
    {
        await using var snapshot = new ReadSnapshot(snapshots);
        var access = await new RoomAccess(snapshot).FindAsync(roomId, actor, ct) ?? throw Refused(Refusal.NotFound);
        if (access.Membership is null)
            throw Refused(access.NoMembership);
        return await current(snapshot);
    }

    private static GraphQLException Refused(Refusal refusal) => new(refusal.Message, refusal.Code);
}
