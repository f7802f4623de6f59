using Chat.Domain.Accounts;
using Npgsql;

namespace Chat.Projections.Accounts;

public sealed record AccountRow(
    Guid Id, string? Email, bool IsEmailVerified, string DisplayName, ServerRole Role, bool IsBot,
    DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt, DateTimeOffset? ErasedAt)
{
    /// <summary>The account as decisions about others see it; it may be old by the lag of the read models.</summary>
    public Account ToFact() => new(Id, DisplayName, Role)
    {
        Email = Email,
        IsEmailVerified = IsEmailVerified,
        IsBot = IsBot,
        IsRevoked = RevokedAt is not null,
        IsErased = ErasedAt is not null,
    };
}

public sealed class AccountReader(ReadSnapshot snapshot)
{
    private const string Columns =
        "id, email, email_verified, display_name, role, is_bot, created_at, revoked_at, erased_at";

    public Task<List<AccountRow>> FindAsync(IReadOnlyList<Guid> ids, CancellationToken ct) => snapshot.QueryAsync(
        $"select {Columns} from chat_read.accounts where id = any($1)", Sql.Parameters(ids.ToArray()), Map, ct);

    /// <summary>The account as decisions about others see it; null when there is none.</summary>
    public async Task<Account?> FactAsync(Guid id, CancellationToken ct) =>
        (await FindAsync([id], ct)).FirstOrDefault()?.ToFact();

    /// <summary>
    /// People whose name contains the text, by name; not those who are erased. With <paramref name="sharingRoomWith"/>
    /// only this account and those who share a room with it.
    /// </summary>
    public Task<List<AccountRow>> SearchAsync(
        string text, int limit, Guid? sharingRoomWith, CancellationToken ct) => snapshot.QueryAsync(
            $"""
             select {Columns} from chat_read.accounts account
             where lower(display_name) like lower($1) and erased_at is null
                 and ($2::uuid is null or id = $2 or exists (
                     select from chat_read.members own join chat_read.members theirs using (room_id)
                     where own.account_id = $2 and theirs.account_id = account.id))
             order by lower(display_name), id limit $3
             """,
            Sql.Parameters(Sql.Containing(text), sharingRoomWith, limit), Map, ct);

    private static AccountRow Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetBoolean(2), row.GetString(3),
        row.Enum<ServerRole>(4), row.GetBoolean(5), row.Time(6), row.TimeOrNull(7), row.TimeOrNull(8));
}
