using Chat.Domain.Accounts;
using Chat.EventStore;

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
                    Insert(transaction, e.AccountId, e.Email, e.DisplayName, e.Role, stored.Timestamp);
                    break;
                case GuestEntered e:
                    Insert(
                        transaction, e.AccountId, email: null, e.DisplayName, ServerRole.Guest, stored.Timestamp);
                    break;
            }
        }
    }

    private static void Insert(
        ProjectionTransaction transaction, Guid id, string? email, string displayName, ServerRole role,
        DateTimeOffset at) =>
        transaction.Enqueue(Sql.Command(
            $"""
            insert into {transaction.Schema}.accounts (id, email, display_name, role, created_at)
            values ($1, nullif($2, ''), $3, $4, $5)
            """,
            id, email ?? "", displayName, (short)role, at.UtcDateTime));
}
