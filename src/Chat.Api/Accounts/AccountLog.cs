using System.Text;
using Chat.Api.Realtime;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.EventStore;
using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>
/// Writes accounts: the first events of a person, together with the rows that must be unique at once.
/// </summary>
internal sealed class AccountLog(
    EventLog log, NpgsqlDataSource database, ReadModelsFollower readModels, TimeProvider clock)
{
    /// <summary>The key of the server itself, with which e-mail addresses are compared.</summary>
    private static readonly Guid ServerSubject = new("5e17e200-0000-4000-8000-000000000000");

    public Guid NewId() => Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>Null when the account is there; the refusal otherwise.</summary>
    public async Task<Refusal?> RegisterAsync(
        RegisterAccount command, string passwordHash, Caller caller, CancellationToken ct)
    {
        var email = await EmailHmacAsync(command.Email, ct);
        if (await IsTakenAsync(email, ct))
            return RegisterAccount.EmailTaken;
        // Two people may both be first: the one whose row comes second is decided again, as a member.
        for (var hasOwner = await HasOwnerAsync(ct); ; hasOwner = true)
        {
            var decision = command.Decide(hasOwner);
            try
            {
                var rows = UniqueRows(command.AccountId, email, passwordHash, hasOwner);
                await AppendAsync(command.AccountId, decision.Events, caller, rows, ct);
                return null;
            }
            catch (AlongsideConflictException e) when (e.ConstraintName == "emails_pkey")
            {
                return RegisterAccount.EmailTaken;
            }
            catch (AlongsideConflictException e) when (e.ConstraintName == "server_owner_pkey" && !hasOwner)
            {
                // Decided again above.
            }
        }
    }

    public Task EnterAsGuestAsync(EnterAsGuest command, Caller caller, CancellationToken ct) =>
        AppendAsync(command.AccountId, command.Decide().Events, caller, alongside: null, ct);

    /// <summary>The account behind an address, and its password's hash; nulls where there is none.</summary>
    public async Task<(Guid? AccountId, string? PasswordHash)> FindAsync(string email, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            select account_id, hash from chat_auth.emails join chat_auth.passwords using (account_id)
            where hmac = $1
            """);
        command.Parameters.AddWithValue(await EmailHmacAsync(email, ct));
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetGuid(0), reader.GetString(1)) : (null, null);
    }

    public async Task ReplacePasswordHashAsync(Guid accountId, string oldHash, string newHash, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "update chat_auth.passwords set hash = $3 where account_id = $1 and hash = $2");
        command.Parameters.AddWithValue(accountId);
        command.Parameters.AddWithValue(oldHash);
        command.Parameters.AddWithValue(newHash);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task AppendAsync(
        Guid accountId, IReadOnlyList<AccountEvent> events, Caller caller,
        IReadOnlyList<NpgsqlBatchCommand>? alongside, CancellationToken ct)
    {
        await log.Keys.EnsureAsync(accountId, ct);
        var result = await log.AppendAsync(new Append
        {
            StreamId = accountId,
            StreamType = "account",
            Events = [.. events.Select(e => new NewEvent(NewId(), e))],
            Condition = AppendCondition.NoStream,
            Metadata = new EventMetadata
            {
                CorrelationId = System.Diagnostics.Activity.Current?.TraceId.ToString(),
                Actor = accountId.ToString(),
                Headers = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [Commands.Command.AddressHeader] = caller.AddressClass,
                },
            },
            Alongside = alongside,
        }, ct);
        await readModels.WaitForAsync(result.LastSequence, ct);
    }

    private List<NpgsqlBatchCommand> UniqueRows(Guid accountId, byte[] email, string passwordHash, bool hasOwner)
    {
        var rows = new List<NpgsqlBatchCommand>
        {
            Row("insert into chat_auth.emails (hmac, account_id) values ($1, $2)", email, accountId),
            Row("insert into chat_auth.passwords (account_id, hash, changed_at) values ($1, $2, $3)",
                accountId, passwordHash, clock.GetUtcNow().UtcDateTime),
        };
        if (!hasOwner)
            rows.Add(Row("insert into chat_auth.server_owner (account_id) values ($1)", accountId));
        return rows;
    }

    private async Task<bool> IsTakenAsync(byte[] email, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select exists (select from chat_auth.emails where hmac = $1)");
        command.Parameters.AddWithValue(email);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task<bool> HasOwnerAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select exists (select from chat_auth.server_owner)");
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private Task<byte[]> EmailHmacAsync(string email, CancellationToken ct) =>
        log.Keys.HmacAsync(ServerSubject, Encoding.UTF8.GetBytes(EmailAddress.Canonical(email)), ct);

    private static NpgsqlBatchCommand Row(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
