using Chat.Domain.Accounts;
using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>
/// Looks up sessions, those of all who ask at about the same moment in one query: a room's watchers all come for the
/// same event. Whoever is answered by a query has asked before it began, so nobody sees a session that was over then.
/// </summary>
internal sealed class SessionLookup(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Queries at the same time: one that hangs does not keep everybody waiting.</summary>
    public const int QueriesMax = 2;

    /// <summary>Sessions in one query; further ones wait for the next.</summary>
    public const int BatchMax = 1_000;

    private readonly Lock _lock = new();
    private readonly Queue<Dictionary<Guid, TaskCompletionSource<Session?>>> _waiting = new();
    private int _running;

    /// <summary>Null where the session is over, or was not used for too long.</summary>
    public Task<Session?> FindAsync(Guid id, CancellationToken ct)
    {
        Task<Session?> found;
        lock (_lock)
        {
            var batch = _waiting.LastOrDefault();
            if (batch is null || (batch.Count == BatchMax && !batch.ContainsKey(id)))
                _waiting.Enqueue(batch = []);
            if (!batch.TryGetValue(id, out var waiter))
                batch.Add(id, waiter = new(TaskCreationOptions.RunContinuationsAsynchronously));
            found = waiter.Task;
            if (_running == QueriesMax)
                return found.WaitAsync(ct);
            _running++;
        }

        // Not on this thread: a database on the same machine often answers before the next watcher has asked.
        _ = Task.Run(AnswerAsync, CancellationToken.None);
        return found.WaitAsync(ct);
    }

    private async Task AnswerAsync()
    {
        while (Next() is { } batch)
        {
            try
            {
                // Without the token of who came first: the others wait for the same query.
                var found = await LoadAsync([.. batch.Keys], CancellationToken.None);
                foreach (var (id, waiter) in batch)
                    waiter.SetResult(found.GetValueOrDefault(id));
            }
            catch (Exception e)
            {
                foreach (var waiter in batch.Values)
                    waiter.SetException(e);
            }
        }
    }

    private Dictionary<Guid, TaskCompletionSource<Session?>>? Next()
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out var batch))
                return batch;
            _running--;
            return null;
        }
    }

    // The account is joined in: its role decides what the session may do, and it is as fresh as the session. A session
    // that is just being ended is locked, and need not be noted as seen.
    public async Task<Dictionary<Guid, Session>> LoadAsync(Guid[] ids, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            with alive as (
                select id, account_id, last_seen_at from chat_auth.sessions
                where id = any($1) and ended_at is null and (last_seen_at > $3 or kind = $5)
            ), unseen as (
                select id from chat_auth.sessions
                where id in (select id from alive where last_seen_at < $4) for update skip locked
            ), seen as (
                update chat_auth.sessions set last_seen_at = $2 from unseen where sessions.id = unseen.id
            )
            select alive.id, account.id, account.display_name, account.role
            from alive join chat_read.accounts account on account.id = alive.account_id
            """);
        command.Parameters.AddWithValue(ids);
        command.Parameters.AddWithValue(now.UtcDateTime);
        command.Parameters.AddWithValue((now - Sessions.IdleMax).UtcDateTime);
        command.Parameters.AddWithValue((now - Sessions.SeenEvery).UtcDateTime);
        command.Parameters.AddWithValue((short)SessionKind.Bot);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<Guid, Session>(ids.Length);
        while (await reader.ReadAsync(ct))
        {
            found[reader.GetGuid(0)] = new Session(
                reader.GetGuid(0),
                new Account(reader.GetGuid(1), reader.GetString(2), (ServerRole)reader.GetInt16(3)));
        }

        return found;
    }
}
