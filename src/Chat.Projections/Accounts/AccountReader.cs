using Chat.Domain.Accounts;

namespace Chat.Projections.Accounts;

public sealed record AccountRow(Guid Id, string? Email, string DisplayName, ServerRole Role, DateTimeOffset CreatedAt);

public sealed class AccountReader(ReadSnapshot snapshot)
{
    public Task<List<AccountRow>> FindAsync(IReadOnlyList<Guid> ids, CancellationToken ct) => snapshot.QueryAsync(
        "select id, email, display_name, role, created_at from chat_read.accounts where id = any($1)",
        Sql.Parameters(ids.ToArray()),
        row => new AccountRow(
            row.GetGuid(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetString(2),
            row.Enum<ServerRole>(3), row.Time(4)),
        ct);
}
