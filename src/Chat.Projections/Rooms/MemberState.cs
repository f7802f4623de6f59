using Npgsql;

namespace Chat.Projections.Rooms;

/// <summary>What a member wants to be told of. The numbers are stored: append only.</summary>
public enum NotifyLevel
{
    All = 0,
    Mentions = 1,
    Nothing = 2,
}

/// <summary>
/// What members set for themselves in a room: how far they have read, and what they want to be told of. It is state
/// and no history (DESIGN.md §3): commands write it, rebuilds leave it alone.
/// </summary>
public sealed class MemberState(NpgsqlDataSource database)
{
    private const string Tables = "Chat.Projections.Schema.member-state.sql";

    public static Task MigrateAsync(NpgsqlDataSource database, CancellationToken ct) =>
        SchemaScript.ApplyAsync(database, typeof(MemberState).Assembly, Tables, ct);

    /// <summary>Moves the marker forward; false where it was there already, or further.</summary>
    public Task<bool> MarkReadAsync(Guid accountId, Guid roomId, long position, CancellationToken ct) => WriteAsync(
        """
        insert into chat_state.members as state (account_id, room_id, last_read) values ($1, $2, $3)
        on conflict (account_id, room_id) do update set last_read = excluded.last_read
        where state.last_read < excluded.last_read
        """,
        accountId, roomId, position, ct);

    /// <summary>False where it was set already.</summary>
    public Task<bool> SetNotifyLevelAsync(Guid accountId, Guid roomId, NotifyLevel level, CancellationToken ct) =>
        WriteAsync(
            """
            insert into chat_state.members as state (account_id, room_id, notify) values ($1, $2, $3)
            on conflict (account_id, room_id) do update set notify = excluded.notify
            where state.notify <> excluded.notify
            """,
            accountId, roomId, (short)level, ct);

    /// <summary>With an erased account goes what it had set.</summary>
    public async Task ForgetAsync(Guid accountId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("delete from chat_state.members where account_id = $1");
        command.Parameters.AddWithValue(accountId);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<bool> WriteAsync(string sql, Guid accountId, Guid roomId, object value, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(accountId);
        command.Parameters.AddWithValue(roomId);
        command.Parameters.AddWithValue(value);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }
}
