using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>The tokens of an API client's session.</summary>
internal readonly record struct SessionTokens(Guid SessionId, string AccessToken, string RefreshToken);

/// <summary>Somebody's session, as they see it in their list.</summary>
internal sealed record SessionRow(
    Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string? UserAgent);

/// <summary>The sessions of accounts: begins, refreshes, lists and ends them.</summary>
internal sealed class SessionRows(
    NpgsqlDataSource database, Sessions sessions, AccessTokens accessTokens, RefreshTokens refreshTokens,
    TimeProvider clock, ILogger<SessionRows> logger)
{
    public const int UserAgentLengthMax = 256;

    /// <summary>Sessions that an account has at a time: one more ends the one that was not used for longest.</summary>
    public const int PerAccountMax = 100;

    /// <summary>
    /// A client that did not get the answer to a refresh may send the same refresh token again for so long, and gets
    /// the same next one.
    /// </summary>
    public static readonly TimeSpan RefreshRetry = TimeSpan.FromSeconds(30);

    /// <summary>Begins a browser's session; returns the token for its cookie, or null as below.</summary>
    public async Task<string?> BeginBrowserAsync(SessionStart start, CancellationToken ct)
    {
        var token = Sessions.NewToken();
        return await BeginAsync(start, SessionKind.Browser, Sessions.HashOf(token), ct) is null ? null : token;
    }

    /// <summary>
    /// Begins an API client's session. Null: the password that was checked is no longer the account's.
    /// </summary>
    public async Task<SessionTokens?> BeginApiClientAsync(SessionStart start, CancellationToken ct) =>
        await BeginAsync(start, SessionKind.ApiClient, tokenHash: null, ct) is { } sessionId
            ? await TokensAsync(start.AccountId, new RefreshToken(sessionId, 0), ct)
            : null;

    /// <summary>
    /// The next tokens of a session. Null: the refresh token is not good; if it was used before, whoever has it may
    /// have stolen it, or been stolen from, and the session is ended.
    /// </summary>
    public async Task<(Guid AccountId, SessionTokens Tokens)?> RefreshAsync(string refreshToken, CancellationToken ct)
    {
        if (await refreshTokens.ReadAsync(refreshToken, ct) is not { } used
            || await RotateAsync(used, ct) is not { } row)
            return null;
        var next = used with { Generation = used.Generation + 1 };
        if (row.Generation == next.Generation && row.RefreshedAt > clock.GetUtcNow() - RefreshRetry)
            return (row.AccountId, await TokensAsync(row.AccountId, next, ct));
        logger.LogWarning("A refresh token of session {Session} was used twice: the session is ended.", used.SessionId);
        await EndAsync(row.AccountId, used.SessionId, ct);
        return null;
    }

    /// <summary>New tokens for a session of an API client that goes on; null for one that has none.</summary>
    public async Task<SessionTokens?> RenewAsync(Session session, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            update chat_auth.sessions set refresh_generation = refresh_generation + 1, refreshed_at = $2
            where id = $1 and kind = $3 and ended_at is null returning refresh_generation
            """);
        command.Parameters.AddWithValue(session.Id);
        command.Parameters.AddWithValue(clock.GetUtcNow().UtcDateTime);
        command.Parameters.AddWithValue((short)SessionKind.ApiClient);
        return await command.ExecuteScalarAsync(ct) is int generation
            ? await TokensAsync(session.Account.Id, new RefreshToken(session.Id, generation), ct)
            : null;
    }

    /// <summary>Somebody's live sessions, the last used first.</summary>
    public async Task<IReadOnlyList<SessionRow>> OfAccountAsync(Guid accountId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            select id, created_at, last_seen_at, user_agent from chat_auth.sessions
            where account_id = $1 and ended_at is null and (last_seen_at > $2 or kind = $3)
            order by last_seen_at desc, id desc limit $4
            """);
        command.Parameters.AddWithValue(accountId);
        command.Parameters.AddWithValue((clock.GetUtcNow() - Sessions.IdleMax).UtcDateTime);
        command.Parameters.AddWithValue((short)SessionKind.Bot);
        command.Parameters.AddWithValue(PerAccountMax);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<SessionRow>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new SessionRow(
                reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2),
                reader.IsDBNull(3) ? null : reader.GetString(3)));
        }

        return rows;
    }

    /// <summary>Ends one of somebody's sessions; false when they have no such one, ended or not.</summary>
    public async Task<bool> EndAsync(Guid accountId, Guid sessionId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "update chat_auth.sessions set ended_at = coalesce(ended_at, $3) where id = $1 and account_id = $2");
        command.Parameters.AddWithValue(sessionId);
        command.Parameters.AddWithValue(accountId);
        command.Parameters.AddWithValue(clock.GetUtcNow().UtcDateTime);
        var found = await command.ExecuteNonQueryAsync(ct) > 0;
        sessions.Forget(sessionId);
        return found;
    }

    /// <summary>Beside an append: ends all of somebody's sessions, but for one.</summary>
    public NpgsqlBatchCommand EndAll(Guid accountId, Guid? except = null) => Row.Of(
        "update chat_auth.sessions set ended_at = $2 where account_id = $1 and id <> $3 and ended_at is null",
        accountId, clock.GetUtcNow().UtcDateTime, except ?? Guid.Empty);

    /// <summary>Beside an append: a bot's one session, with its token.</summary>
    public NpgsqlBatchCommand BeginBot(Guid accountId, string token) => Row.Of(
        """
        insert into chat_auth.sessions (id, account_id, kind, token_hash, created_at, last_seen_at)
        values ($1, $2, $3, $4, $5, $5)
        """,
        Guid.CreateVersion7(clock.GetUtcNow()), accountId, (short)SessionKind.Bot, Sessions.HashOf(token),
        clock.GetUtcNow().UtcDateTime);

    // The password's row is locked: a change of the password, which ends all sessions, comes before or after this one.
    private async Task<Guid?> BeginAsync(SessionStart start, SessionKind kind, byte[]? tokenHash, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var batch = database.CreateBatch();
        var insert = Row.Of(
            """
            with unchanged as (
                select from chat_auth.passwords where account_id = $2 and changed_at = $6 for share
            )
            insert into chat_auth.sessions (id, account_id, kind, token_hash, user_agent, created_at, last_seen_at)
            select $1, $2, $3, $4, nullif($5, ''), $7, $7
            where $6 is null or exists (select from unchanged)
            returning id
            """,
            Guid.CreateVersion7(now), start.AccountId, (short)kind, (object?)tokenHash ?? DBNull.Value,
            Storable(start.UserAgent), (object?)start.PasswordChangedAt ?? DBNull.Value, now.UtcDateTime);
        insert.Parameters[3].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea;
        insert.Parameters[5].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz;
        batch.BatchCommands.Add(insert);
        batch.BatchCommands.Add(Row.Of(
            """
            update chat_auth.sessions set ended_at = $2 where id in (
                select id from chat_auth.sessions where account_id = $1 and ended_at is null
                order by last_seen_at desc offset $3)
            """,
            start.AccountId, now.UtcDateTime, PerAccountMax));
        return (Guid?)await batch.ExecuteScalarAsync(ct);
    }

    private async Task<RefreshRow?> RotateAsync(RefreshToken used, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Row.Of(
            """
            update chat_auth.sessions
            set refresh_generation = refresh_generation + 1, refreshed_at = $3, last_seen_at = $3
            where id = $1 and refresh_generation = $2 and kind = $5 and ended_at is null and last_seen_at > $4
            """,
            used.SessionId, used.Generation, now.UtcDateTime, (now - Sessions.IdleMax).UtcDateTime,
            (short)SessionKind.ApiClient));
        // A statement of its own: it sees what somebody else's rotation, waited for by the first one, has written.
        batch.BatchCommands.Add(Row.Of(
            """
            select account_id, refresh_generation, refreshed_at from chat_auth.sessions
            where id = $1 and refresh_generation > $2 and ended_at is null and last_seen_at > $3
            """,
            used.SessionId, used.Generation, (now - Sessions.IdleMax).UtcDateTime));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new RefreshRow(reader.GetGuid(0), reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2))
            : null;
    }

    private async Task<SessionTokens> TokensAsync(Guid accountId, RefreshToken token, CancellationToken ct) => new(
        token.SessionId, await accessTokens.IssueAsync(accountId, token.SessionId, ct),
        await refreshTokens.MakeAsync(token, ct));

    private static string Storable(string? userAgent) =>
        new([.. (userAgent ?? "").Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(UserAgentLengthMax)]);

    private readonly record struct RefreshRow(Guid AccountId, int Generation, DateTimeOffset RefreshedAt);
}

/// <summary>A session that is to begin.</summary>
/// <param name="PasswordChangedAt">
/// When the password was set that was checked for it, as stored; null where none was.
/// </param>
internal sealed record SessionStart(Guid AccountId, string? UserAgent, DateTime? PasswordChangedAt = null);
