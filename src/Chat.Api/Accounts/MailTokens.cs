using Chat.Domain.Accounts;
using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>What a link in a mail is for. The numbers are stored: append only.</summary>
internal enum MailTokenKind
{
    Verification = 0,
    Reset = 1,
}

/// <summary>
/// The tokens of links in mails: random, good for a time, kept as a hash. The address that the mail went to is kept as
/// an HMAC, so the table tells nothing.
/// </summary>
internal sealed class MailTokens(NpgsqlDataSource database, ServerSecrets secrets, TimeProvider clock)
{
    /// <summary>An account gets one mail of a kind in so much time, however often it is asked for.</summary>
    public static readonly TimeSpan MailEvery = TimeSpan.FromMinutes(1);

    /// <summary>Links of a kind that are good at a time; the oldest go first.</summary>
    public const int PerAccountMax = 5;

    /// <summary>A new token; null when a mail of this kind just went to the same address.</summary>
    public async Task<string?> MakeAsync(MailTokenKind kind, Guid accountId, string email, CancellationToken ct)
    {
        var token = Sessions.NewToken();
        var now = clock.GetUtcNow();
        var lifetime = kind == MailTokenKind.Reset ? MailToken.ResetLifetime : MailToken.VerificationLifetime;
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Row.Of(
            """
            insert into chat_auth.mail_tokens (token_hash, kind, account_id, email_hmac, created_at, expires_at)
            select $1, $2, $3, $4, $5, $6
            where not exists (
                select from chat_auth.mail_tokens
                where account_id = $3 and kind = $2 and created_at > $7 and email_hmac = $4)
            returning true
            """,
            Sessions.HashOf(token), (short)kind, accountId, await secrets.EmailHmacAsync(email, ct), now.UtcDateTime,
            (now + lifetime).UtcDateTime, (now - MailEvery).UtcDateTime));
        batch.BatchCommands.Add(Row.Of(
            """
            delete from chat_auth.mail_tokens where token_hash in (
                select token_hash from chat_auth.mail_tokens where account_id = $1 and kind = $2
                order by created_at desc offset $3)
            """,
            accountId, (short)kind, PerAccountMax));
        return await batch.ExecuteScalarAsync(ct) is true ? token : null;
    }

    /// <summary>
    /// Whose token it is, whether or not it is still good; null when there is none.
    /// </summary>
    public async Task<FoundMailToken?> FindAsync(MailTokenKind kind, string token, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            select account_id, email_hmac, expires_at from chat_auth.mail_tokens where token_hash = $1 and kind = $2
            """);
        command.Parameters.AddWithValue(Sessions.HashOf(token));
        command.Parameters.AddWithValue((short)kind);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new FoundMailToken(
                Sessions.HashOf(token), reader.GetGuid(0), reader.GetFieldValue<byte[]>(1),
                reader.GetFieldValue<DateTimeOffset>(2))
            : null;
    }

    /// <summary>The token as the rules see it, for the account as it is.</summary>
    public async Task<MailToken> ForAsync(FoundMailToken found, Account? account, CancellationToken ct)
    {
        var hmac = account?.Email is { } email ? await secrets.EmailHmacAsync(email, ct) : [];
        var isSameAddress = hmac.AsSpan().SequenceEqual(found.EmailHmac);
        return new MailToken(found.AccountId, isSameAddress ? account!.Email! : "", found.ExpiresAt);
    }

    /// <summary>Beside an append: no link of these kinds is good any more.</summary>
    public static NpgsqlBatchCommand Drop(Guid accountId, params MailTokenKind[] kinds) => Row.Of(
        "delete from chat_auth.mail_tokens where account_id = $1 and kind = any($2)",
        accountId, kinds.Select(kind => (short)kind).ToArray());
}

/// <summary>A token as its row has it.</summary>
internal sealed record FoundMailToken(byte[] Hash, Guid AccountId, byte[] EmailHmac, DateTimeOffset ExpiresAt);
