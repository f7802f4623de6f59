using Chat.Domain.Messages;
using Chat.Domain.Rooms;
using Chat.EventStore;

namespace Chat.Projections.Rooms;

/// <summary>Rooms, with the position that the events bring each of them to.</summary>
internal static class RoomsProjection
{
    private sealed class Step
    {
        public long Position;
        public long Messages;
    }

    private sealed record Change(RoomUpdated Update, bool? Archived);

    public static void Create(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var created = events.Where(stored => stored.Data is RoomCreated).ToList();
        if (created.Count == 0)
            return;
        var rooms = created.ConvertAll(stored => (RoomCreated)stored.Data);
        var settings = rooms.ConvertAll(e => e.Kind == RoomKind.Direct ? RoomSettings.OfDirect : RoomSettings.Default);
        transaction.Enqueue(Sql.Command(
            $"""
            insert into {transaction.Schema}.rooms
                (id, kind, name, topic, visibility, encrypted, created_at, slow_mode_seconds, members_can_invite,
                 members_can_pin, guests_can_post, history_for_new_members, retention_days,
                 archived, expired_through, position, member_count, message_count)
            select new.*, false, 0, 0, 0, 0 from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) new
            """,
            rooms.Select(e => e.RoomId).ToArray(),
            rooms.Select(e => (short)e.Kind).ToArray(),
            rooms.Select(e => e.Name).ToArray(),
            rooms.Select(e => e.Topic).ToArray(),
            rooms.Select(e => (short)e.Visibility).ToArray(),
            rooms.Select(e => e.Encrypted).ToArray(),
            created.Select(stored => stored.Timestamp.UtcDateTime).ToArray(),
            settings.Select(one => one.SlowModeSeconds).ToArray(),
            settings.Select(one => one.MembersCanInvite).ToArray(),
            settings.Select(one => one.MembersCanPin).ToArray(),
            settings.Select(one => one.GuestsCanPost).ToArray(),
            settings.Select(one => one.HistoryForNewMembers).ToArray(),
            settings.Select(one => one.RetentionDays).ToArray()));
    }

    public static void Advance(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var steps = new Dictionary<Guid, Step>();
        var changes = new Dictionary<Guid, Change>();
        foreach (var stored in events)
        {
            if (stored.Data is not RoomEvent @event)
                continue;
            if (!steps.TryGetValue(stored.StreamId, out var step))
                steps.Add(stored.StreamId, step = new Step());
            step.Position = stored.Version;
            if (@event is MessagePosted)
                step.Messages++;
            if (Changed(changes.GetValueOrDefault(stored.StreamId), @event) is { } change)
                changes[stored.StreamId] = change;
        }

        if (steps.Count > 0)
        {
            transaction.Enqueue(Sql.Command(
                $"""
                update {transaction.Schema}.rooms room
                set position = step.position, message_count = room.message_count + step.messages
                from unnest($1, $2, $3) step (room_id, position, messages) where room.id = step.room_id
                """,
                steps.Keys.ToArray(),
                steps.Values.Select(step => step.Position).ToArray(),
                steps.Values.Select(step => step.Messages).ToArray()));
        }

        if (changes.Count > 0)
            Update(changes, transaction);
    }

    private static Change? Changed(Change? change, RoomEvent @event) => @event switch
    {
        RoomUpdated e when change?.Update is { } old => change with
        {
            Update = new RoomUpdated(
                e.Name ?? old.Name, e.Topic ?? old.Topic, e.Visibility ?? old.Visibility, e.Settings ?? old.Settings),
        },
        RoomUpdated e => new Change(e, Archived: null),
        RoomArchived => new Change(change?.Update ?? new RoomUpdated(), Archived: true),
        RoomReopened => new Change(change?.Update ?? new RoomUpdated(), Archived: false),
        _ => null,
    };

    private static void Update(Dictionary<Guid, Change> changes, ProjectionTransaction transaction)
    {
        var updates = changes.Values.Select(change => change.Update).ToList();
        // Settings are replaced as a whole: without a slow mode in the event there are none.
        transaction.Enqueue(Sql.Command(
            $"""
            update {transaction.Schema}.rooms room set
                archived = coalesce(change.archived, room.archived),
                name = coalesce(change.name, room.name),
                topic = coalesce(change.topic, room.topic),
                visibility = coalesce(change.visibility, room.visibility),
                slow_mode_seconds = coalesce(change.slow_mode_seconds, room.slow_mode_seconds),
                members_can_invite = coalesce(change.members_can_invite, room.members_can_invite),
                members_can_pin = coalesce(change.members_can_pin, room.members_can_pin),
                guests_can_post = coalesce(change.guests_can_post, room.guests_can_post),
                history_for_new_members = coalesce(change.history_for_new_members, room.history_for_new_members),
                retention_days = case
                    when change.slow_mode_seconds is null then room.retention_days
                    else change.retention_days
                end
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) change
                (room_id, archived, name, topic, visibility, slow_mode_seconds, members_can_invite, members_can_pin,
                 guests_can_post, history_for_new_members, retention_days)
            where room.id = change.room_id
            """,
            changes.Keys.ToArray(),
            changes.Values.Select(change => change.Archived).ToArray(),
            updates.Select(e => e.Name).ToArray(),
            updates.Select(e => e.Topic).ToArray(),
            updates.Select(e => (short?)e.Visibility).ToArray(),
            updates.Select(e => e.Settings?.SlowModeSeconds).ToArray(),
            updates.Select(e => e.Settings?.MembersCanInvite).ToArray(),
            updates.Select(e => e.Settings?.MembersCanPin).ToArray(),
            updates.Select(e => e.Settings?.GuestsCanPost).ToArray(),
            updates.Select(e => e.Settings?.HistoryForNewMembers).ToArray(),
            updates.Select(e => e.Settings?.RetentionDays).ToArray()));
    }
}
