using Chat.Domain.Rooms;
using Chat.EventStore;
using Npgsql;

namespace Chat.Projections.Rooms;

/// <summary>Rooms, with the position that the page brings each of them to.</summary>
internal static class RoomsProjection
{
    private sealed class Change
    {
        public long Position;
        public int MembersAdded;
        public bool Archived;
    }

    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var changes = new Dictionary<Guid, Change>();
        foreach (var stored in events)
        {
            if (stored.Data is not RoomEvent)
                continue;
            if (!changes.TryGetValue(stored.StreamId, out var change))
                changes.Add(stored.StreamId, change = new Change());
            change.Position = stored.Version;
            switch (stored.Data)
            {
                case RoomCreated e:
                    transaction.Enqueue(Insert(transaction.Schema, e, stored.Timestamp));
                    change.MembersAdded++;
                    break;
                case MemberJoined:
                    change.MembersAdded++;
                    break;
                case MemberLeft:
                    change.MembersAdded--;
                    break;
                case RoomArchived:
                    change.Archived = true;
                    break;
            }
        }

        if (changes.Count > 0)
            transaction.Enqueue(Update(transaction.Schema, changes));
    }

    private static NpgsqlBatchCommand Insert(string schema, RoomCreated e, DateTimeOffset at) => Sql.Command(
        $"""
        insert into {schema}.rooms
            (id, kind, name, topic, visibility, encrypted, archived, created_at, position, member_count)
        values ($1, $2, $3, $4, $5, $6, false, $7, 0, 0)
        """,
        e.RoomId, (short)e.Kind, e.Name, e.Topic, (short)e.Visibility, e.Encrypted, at.UtcDateTime);

    private static NpgsqlBatchCommand Update(string schema, Dictionary<Guid, Change> changes) => Sql.Command(
        $"""
        update {schema}.rooms room
        set position = change.position, member_count = room.member_count + change.members_added,
            archived = room.archived or change.archived
        from unnest($1, $2, $3, $4) change (id, position, members_added, archived)
        where room.id = change.id
        """,
        changes.Keys.ToArray(),
        changes.Values.Select(change => change.Position).ToArray(),
        changes.Values.Select(change => change.MembersAdded).ToArray(),
        changes.Values.Select(change => change.Archived).ToArray());
}
