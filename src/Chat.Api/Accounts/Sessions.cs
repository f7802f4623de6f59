using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Chat.Domain.Accounts;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>Somebody who is signed in.</summary>
internal sealed record Session(Guid Id, Account Account);

/// <summary>
/// Sessions: opaque tokens, of which only a hash is stored. Whether one is alive is known from a cache for at most
/// <see cref="CachedFor"/>, so an ended session is refused everywhere within that time.
/// </summary>
internal sealed class Sessions(NpgsqlDataSource database, TimeProvider clock) : IDisposable
{
    public const int TokenBytes = 32;
    public const int UserAgentLengthMax = 256;
    public const int CachedMax = 50_000;
    public static readonly TimeSpan CachedFor = TimeSpan.FromSeconds(1);

    /// <summary>A session that nobody used for so long is over.</summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromDays(30);

    /// <summary>How exact "last seen" is: not every request writes.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = CachedMax });

    /// <summary>Begins a session and returns its token, which exists nowhere else.</summary>
    public async Task<string> BeginAsync(Guid accountId, string? userAgent, CancellationToken ct)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            insert into chat_auth.sessions (id, account_id, token_hash, user_agent, created_at, last_seen_at)
            values ($1, $2, $3, nullif($4, ''), $5, $5)
            """);
        command.Parameters.AddWithValue(Guid.CreateVersion7(now));
        command.Parameters.AddWithValue(accountId);
        command.Parameters.AddWithValue(HashOf(token));
        command.Parameters.AddWithValue(Storable(userAgent));
        command.Parameters.AddWithValue(now.UtcDateTime);
        await command.ExecuteNonQueryAsync(ct);
        return token;
    }

    public async Task<Session?> FindAsync(string token, CancellationToken ct)
    {
        if (_cache.TryGetValue(token, out Session? session))
            return session;
        session = await LoadAsync(token, ct);
        if (session is not null)
            _cache.Set(
                token, session, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = CachedFor });
        return session;
    }

    public async Task EndAsync(Session session, string token, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "update chat_auth.sessions set ended_at = $2 where id = $1 and ended_at is null");
        command.Parameters.AddWithValue(session.Id);
        command.Parameters.AddWithValue(clock.GetUtcNow().UtcDateTime);
        await command.ExecuteNonQueryAsync(ct);
        _cache.Remove(token);
    }

    /// <summary>Which of these sessions are over.</summary>
    public async Task<IReadOnlyList<Guid>> EndedAmongAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select id from chat_auth.sessions where id = any($1) and ended_at is not null");
        command.Parameters.AddWithValue(ids.ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ended = new List<Guid>();
        while (await reader.ReadAsync(ct))
            ended.Add(reader.GetGuid(0));
        return ended;
    }

    public void Dispose() => _cache.Dispose();

    // The account is joined in: its role decides what the session may do, and it is as fresh as the session.
    private async Task<Session?> LoadAsync(string token, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand(
            """
            with alive as (
                select id, account_id, last_seen_at from chat_auth.sessions
                where token_hash = $1 and ended_at is null and last_seen_at > $3
            ), seen as (
                update chat_auth.sessions set last_seen_at = $2
                from alive where sessions.id = alive.id and alive.last_seen_at < $4
            )
            select alive.id, account.id, account.display_name, account.role
            from alive join chat_read.accounts account on account.id = alive.account_id
            """);
        command.Parameters.AddWithValue(HashOf(token));
        command.Parameters.AddWithValue(now.UtcDateTime);
        command.Parameters.AddWithValue((now - IdleMax).UtcDateTime);
        command.Parameters.AddWithValue((now - SeenEvery).UtcDateTime);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new Session(
                reader.GetGuid(0),
                new Account(reader.GetGuid(1), reader.GetString(2), (ServerRole)reader.GetInt16(3)))
            : null;
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static string Storable(string? userAgent) =>
        new([.. (userAgent ?? "").Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(UserAgentLengthMax)]);
}
