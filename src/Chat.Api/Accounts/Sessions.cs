using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Chat.Domain.Accounts;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>How a session shows itself. The numbers are stored: append only.</summary>
internal enum SessionKind
{
    /// <summary>An opaque token in a cookie.</summary>
    Browser = 0,

    /// <summary>Short-lived access tokens, and refresh tokens that are used once.</summary>
    ApiClient = 1,

    /// <summary>An opaque token that lives until it is revoked.</summary>
    Bot = 2,
}

/// <summary>Somebody who is signed in.</summary>
internal sealed record Session(Guid Id, Account Account);

/// <summary>
/// Who is signed in, by a token. Whether a session is alive is known from a cache for at most <see cref="CachedFor"/>,
/// so an ended session is refused everywhere within that time, whatever its tokens say.
/// </summary>
internal sealed class Sessions(NpgsqlDataSource database, AccessTokens accessTokens, TimeProvider clock) : IDisposable
{
    public const int TokenBytes = 32;
    public const int CachedMax = 50_000;
    public static readonly TimeSpan CachedFor = TimeSpan.FromSeconds(1);

    /// <summary>How long it is remembered what a token says.</summary>
    public static readonly TimeSpan TokenCachedFor = TimeSpan.FromMinutes(10);

    /// <summary>A session that nobody used for so long is over; a bot's is not.</summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromDays(30);

    /// <summary>How exact "last seen" is: not every request writes.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _tokens = new(new MemoryCacheOptions { SizeLimit = CachedMax });
    private readonly MemoryCache _sessions = new(new MemoryCacheOptions { SizeLimit = CachedMax });
    private readonly SessionLookup _lookup = new(database, clock);
    private readonly Lock _keeping = new();
    private long _forgotten;

    /// <summary>A new opaque token, which exists nowhere else.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>What is stored of an opaque token.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public async Task<Session?> FindAsync(string token, CancellationToken ct)
    {
        if (await NamedByAsync(token, ct) is not { } named)
            return null;
        var session = await FindAsync(named.SessionId, ct);
        return session?.Account.Id == named.AccountId ? session : null;
    }

    public async Task<Session?> FindAsync(Guid sessionId, CancellationToken ct)
    {
        if (_sessions.TryGetValue(sessionId, out CachedSession? cached))
        {
            cached!.IsUsed = true;
            return cached.Session;
        }

        var (began, forgotten) = (clock.GetUtcNow(), Volatile.Read(ref _forgotten));
        var session = await _lookup.FindAsync(sessionId, ct);
        if (session is not null)
            Keep(session, began, forgotten);
        return session;
    }

    /// <summary>
    /// Looks those of these sessions up again that were used since they were looked up last, so that who goes on using
    /// theirs need not wait for it.
    /// </summary>
    public async Task RenewUsedAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var used = ids.Where(id => _sessions.TryGetValue(id, out CachedSession? cached) && cached!.IsUsed).ToList();
        foreach (var batch in used.Chunk(SessionLookup.BatchMax))
        {
            var (began, forgotten) = (clock.GetUtcNow(), Volatile.Read(ref _forgotten));
            foreach (var session in (await _lookup.LoadAsync(batch, ct)).Values)
                Keep(session, began, forgotten);
        }
    }

    /// <summary>Looks sessions up anew that this node has just ended, or whose account it has just changed.</summary>
    public void Forget(Guid sessionId)
    {
        lock (_keeping)
        {
            _forgotten++;
            _sessions.Remove(sessionId);
        }
    }

    /// <summary>Which of these sessions are over. The others are in use: somebody has a socket open.</summary>
    public async Task<IReadOnlyList<Guid>> EndedAmongAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            with unseen as (
                select id from chat_auth.sessions
                where id = any($1) and ended_at is null and last_seen_at < $3 for update skip locked
            ), seen as (
                update chat_auth.sessions set last_seen_at = $2 from unseen where sessions.id = unseen.id
            )
            select id from unnest($1) as watched(id)
            where not exists (select from chat_auth.sessions where sessions.id = watched.id and ended_at is null)
            """);
        command.Parameters.AddWithValue(ids.ToArray());
        command.Parameters.AddWithValue(now.UtcDateTime);
        command.Parameters.AddWithValue((now - SeenEvery).UtcDateTime);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ended = new List<Guid>();
        while (await reader.ReadAsync(ct))
            ended.Add(reader.GetGuid(0));
        return ended;
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _sessions.Dispose();
    }

    private async Task<AccessToken?> NamedByAsync(string token, CancellationToken ct)
    {
        if (token.Length > AccessTokens.LengthMax)
            return null;
        var hash = HashOf(token);
        var key = MemoryMarshal.Read<TokenKey>(hash);
        if (_tokens.TryGetValue(key, out AccessToken? named))
            return accessTokens.IsAlive(named!) ? named : null;
        named = await accessTokens.ReadAsync(token, ct) ?? await ByHashAsync(hash, ct);
        if (named is not null)
            _tokens.Set(key, named, Entry(TokenCachedFor));
        return named;
    }

    private async Task<AccessToken?> ByHashAsync(byte[] hash, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select account_id, id from chat_auth.sessions where token_hash = $1 and ended_at is null");
        command.Parameters.AddWithValue(hash);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new AccessToken(reader.GetGuid(0), reader.GetGuid(1), DateTimeOffset.MaxValue)
            : null;
    }

    // What is forgotten while it was looked up may have been read before it ended.
    private void Keep(Session session, DateTimeOffset began, long forgotten)
    {
        var left = CachedFor - (clock.GetUtcNow() - began);
        lock (_keeping)
        {
            if (left > TimeSpan.Zero && _forgotten == forgotten)
                _sessions.Set(session.Id, new CachedSession(session), Entry(left));
        }
    }

    private static MemoryCacheEntryOptions Entry(TimeSpan lifetime) =>
        new() { Size = 1, AbsoluteExpirationRelativeToNow = lifetime };

    /// <summary>
    /// The hash of a token. The token itself is not kept: it is long, and not for whoever sees this memory.
    /// </summary>
    private readonly record struct TokenKey(UInt128 First, UInt128 Second);

    private sealed class CachedSession(Session session)
    {
        public Session Session { get; } = session;

        /// <summary>Since it was looked up.</summary>
        public bool IsUsed { get; set; }
    }
}
