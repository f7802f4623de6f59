using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>What signs somebody in, as it is stored.</summary>
/// <param name="ChangedAt">When the password was set; another hash of the same password does not change it.</param>
internal sealed record Credential(Guid AccountId, string PasswordHash, DateTime ChangedAt);

/// <summary>
/// Addresses and passwords of accounts, which never enter the log: rows that are written in the transaction of the
/// events they belong to.
/// </summary>
internal sealed class Credentials(NpgsqlDataSource database, ServerSecrets secrets, TimeProvider clock)
{
    public const string EmailTaken = "emails_pkey";
    public const string OwnerTaken = "server_owner_pkey";

    public async Task<Credential?> FindAsync(string email, CancellationToken ct) => await FindAsync(
        """
        select account_id, hash, changed_at from chat_auth.emails join chat_auth.passwords using (account_id)
        where hmac = $1
        """,
        await secrets.EmailHmacAsync(email, ct), ct);

    public Task<Credential?> FindAsync(Guid accountId, CancellationToken ct) => FindAsync(
        "select account_id, hash, changed_at from chat_auth.passwords where account_id = $1", accountId, ct);

    /// <summary>The same password with other parameters.</summary>
    public async Task RehashAsync(Credential credential, string newHash, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "update chat_auth.passwords set hash = $3 where account_id = $1 and hash = $2");
        command.Parameters.AddWithValue(credential.AccountId);
        command.Parameters.AddWithValue(credential.PasswordHash);
        command.Parameters.AddWithValue(newHash);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<bool> HasOwnerAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select exists (select from chat_auth.server_owner)");
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Beside an append: the address is the account's, and no other's.</summary>
    public static NpgsqlBatchCommand TakeEmail(Guid accountId, byte[] emailHmac) =>
        Row.Of("insert into chat_auth.emails (hmac, account_id) values ($1, $2)", emailHmac, accountId);

    /// <summary>Beside an append: the account has no address any more.</summary>
    public static NpgsqlBatchCommand FreeEmail(Guid accountId) =>
        Row.Of("delete from chat_auth.emails where account_id = $1", accountId);

    /// <summary>Beside an append: the server belongs to the account, and to no other.</summary>
    public static NpgsqlBatchCommand TakeServer(Guid accountId) =>
        Row.Of("insert into chat_auth.server_owner (account_id) values ($1)", accountId);

    /// <summary>Beside an append: the account's password.</summary>
    public NpgsqlBatchCommand SetPassword(Guid accountId, string hash) => Row.Of(
        """
        insert into chat_auth.passwords (account_id, hash, changed_at) values ($1, $2, $3)
        on conflict (account_id) do update set hash = excluded.hash, changed_at = excluded.changed_at
        """,
        accountId, hash, clock.GetUtcNow().UtcDateTime);

    /// <summary>Beside an append: nothing signs this account in any more.</summary>
    public static NpgsqlBatchCommand DropPassword(Guid accountId) =>
        Row.Of("delete from chat_auth.passwords where account_id = $1", accountId);

    private async Task<Credential?> FindAsync(string sql, object key, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(key);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new Credential(reader.GetGuid(0), reader.GetString(1), reader.GetDateTime(2))
            : null;
    }
}
