using Chat.Domain.Accounts;
using Chat.EventStore;
using Npgsql;

namespace Chat.Projections.Accounts;

internal static class AccountsProjection
{
    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        foreach (var stored in events)
        {
            switch (stored.Data)
            {
                case AccountRegistered e:
                    transaction.Enqueue(Insert(e.AccountId, e.Email, e.DisplayName, e.Role, stored.Timestamp));
                    break;
                case GuestEntered e:
                    transaction.Enqueue(Insert(e.AccountId, email: null, e.DisplayName, ServerRole.Guest, stored.Timestamp));
                    break;
            }
        }
    }

    private static NpgsqlBatchCommand Insert(
        Guid id, string? email, string displayName, ServerRole role, DateTimeOffset at) =>
        Sql.Command(
            """
            insert into chat_read.accounts (id, email, display_name, role, created_at)
            values ($1, nullif($2, ''), $3, $4, $5)
            """,
            id, email ?? "", displayName, (short)role, at.UtcDateTime);
}
