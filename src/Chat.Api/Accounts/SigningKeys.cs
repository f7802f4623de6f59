using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>A key of access tokens, with its private half.</summary>
internal sealed record SigningKey(
    Guid Id, ECDsaSecurityKey Key, DateTimeOffset SignsFrom, DateTimeOffset SignsUntil, DateTimeOffset ExpiresAt)
{
    public bool SignsAt(DateTimeOffset now) => SignsFrom <= now && now < SignsUntil;
}

/// <summary>
/// The keys that access tokens are signed with (ES256): made, rotated and kept in the database, so that every node
/// accepts what any node signed. The next key is there well before it signs, for nodes that look now and then.
/// </summary>
internal sealed class SigningKeys(NpgsqlDataSource database, ServerSecrets secrets, TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan SignsFor = TimeSpan.FromDays(30);

    /// <summary>How long before its first signature the next key is made.</summary>
    public static readonly TimeSpan KnownBefore = TimeSpan.FromDays(1);

    /// <summary>How old the keys in memory may be.</summary>
    public static readonly TimeSpan CachedFor = TimeSpan.FromMinutes(1);

    /// <summary>An unknown key id makes a node look again, at most so often: anybody can make one up.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private const string Purpose = "signing key";

    private readonly SemaphoreSlim _oneLooks = new(1, 1);
    private Found _found = new([], DateTimeOffset.MinValue);

    /// <summary>All keys whose tokens may still be alive.</summary>
    public async Task<IReadOnlyList<SigningKey>> AllAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!_found.IsFresh(now, CachedFor))
            await LookAsync(CachedFor, ct);
        return [.. _found.Keys.Where(key => now < key.ExpiresAt)];
    }

    /// <summary>The key that signs now.</summary>
    public async Task<SigningKey> CurrentAsync(CancellationToken ct) =>
        (await AllAsync(ct)).Last(key => key.SignsAt(clock.GetUtcNow()));

    /// <summary>The key of a token; null when it is none of ours or has expired.</summary>
    public async Task<SigningKey?> FindAsync(string keyId, CancellationToken ct)
    {
        if ((await AllAsync(ct)).FirstOrDefault(key => key.Key.KeyId == keyId) is { } known)
            return known;
        await LookAsync(LookEvery, ct);
        return (await AllAsync(ct)).FirstOrDefault(key => key.Key.KeyId == keyId);
    }

    public void Dispose() => _oneLooks.Dispose();

    private async Task LookAsync(TimeSpan unlessWithin, CancellationToken ct)
    {
        await _oneLooks.WaitAsync(ct);
        try
        {
            var now = clock.GetUtcNow();
            if (!_found.IsFresh(now, unlessWithin))
                _found = new Found(await LoadAsync(now, ct), now);
        }
        finally
        {
            _oneLooks.Release();
        }
    }

    private async Task<IReadOnlyList<SigningKey>> LoadAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var keys = await ReadAsync(connection, now, ct);
        if (keys.Any(key => key.SignsAt(now)) && keys[^1].SignsUntil - now > KnownBefore)
            return keys;
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Of nodes that see the same need at once, the first makes the key and the others find it.
        await using (var alone = new NpgsqlCommand(
            "select pg_advisory_xact_lock(hashtext('chat signing keys'))", connection, transaction))
            await alone.ExecuteNonQueryAsync(ct);
        keys = await ReadAsync(connection, now, ct);
        if (!keys.Any(key => key.SignsAt(now)))
            keys.Add(await MakeAsync(connection, now, ct));
        if (keys[^1].SignsUntil - now <= KnownBefore)
            keys.Add(await MakeAsync(connection, keys[^1].SignsUntil, ct));
        await transaction.CommitAsync(ct);
        return keys;
    }

    private async Task<List<SigningKey>> ReadAsync(
        NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select id, wrapped_private_key, signs_from, signs_until, expires_at from chat_auth.signing_keys
            where expires_at > $1 order by signs_from
            """,
            connection);
        command.Parameters.AddWithValue(now.UtcDateTime);
        var keys = new List<SigningKey>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var id = reader.GetGuid(0);
            // One in memory stays the same object: what is derived from it is cached by it.
            keys.Add(_found.Keys.FirstOrDefault(key => key.Id == id) ?? new SigningKey(
                id, Readable(id, await secrets.OpenAsync(Purpose, id, reader.GetFieldValue<byte[]>(1), ct)),
                reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetFieldValue<DateTimeOffset>(4)));
        }

        return keys;
    }

    private async Task<SigningKey> MakeAsync(NpgsqlConnection connection, DateTimeOffset from, CancellationToken ct)
    {
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var privateKey = fresh.ExportPkcs8PrivateKey();
        var wrapped = await secrets.SealAsync(Purpose, id, privateKey, ct);
        var key = new SigningKey(
            id, Readable(id, privateKey), from, from + SignsFor, from + SignsFor + AccessTokens.Lifetime);
        await using var command = new NpgsqlCommand(
            """
            insert into chat_auth.signing_keys (id, wrapped_private_key, signs_from, signs_until, expires_at)
            values ($1, $2, $3, $4, $5)
            """,
            connection);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(wrapped);
        command.Parameters.AddWithValue(key.SignsFrom.UtcDateTime);
        command.Parameters.AddWithValue(key.SignsUntil.UtcDateTime);
        command.Parameters.AddWithValue(key.ExpiresAt.UtcDateTime);
        await command.ExecuteNonQueryAsync(ct);
        return key;
    }

    private static ECDsaSecurityKey Readable(Guid id, byte[] privateKey)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        CryptographicOperations.ZeroMemory(privateKey);
        return new ECDsaSecurityKey(key) { KeyId = id.ToString() };
    }

    private sealed record Found(IReadOnlyList<SigningKey> Keys, DateTimeOffset At)
    {
        public bool IsFresh(DateTimeOffset now, TimeSpan age) => now - At <= age && Keys.Any(key => key.SignsAt(now));
    }
}
