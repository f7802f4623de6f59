using Chat.Domain.Accounts;
using Chat.EventStore;
using Npgsql;

namespace Chat.Projections.Accounts;

internal static class AccountsProjection
{
    private sealed record NewAccount(
        Guid Id, string? Email, string DisplayName, ServerRole Role, bool IsBot, DateTimeOffset At);

    public static void Apply(IReadOnlyList<StoredEvent> events, ProjectionTransaction transaction)
    {
        var accounts = events.Where(stored => stored.Data is AccountEvent).ToList();
        var created = accounts.Select(Created).OfType<NewAccount>().ToList();
        if (created.Count > 0)
            transaction.Enqueue(Insert(transaction.Schema, created));
        foreach (var stored in accounts)
        {
            if (Update((AccountEvent)stored.Data, stored.Timestamp) is var (assignments, values))
            {
                transaction.Enqueue(Sql.Command(
                    $"update {transaction.Schema}.accounts set {assignments} where id = $1",
                    [stored.StreamId, .. values]));
            }
        }
    }

    private static NewAccount? Created(StoredEvent stored) => stored.Data switch
    {
        AccountRegistered e =>
            new NewAccount(e.AccountId, e.Email, e.DisplayName, e.Role, IsBot: false, stored.Timestamp),
        GuestEntered e =>
            new NewAccount(e.AccountId, null, e.DisplayName, ServerRole.Guest, IsBot: false, stored.Timestamp),
        BotCreated e =>
            new NewAccount(e.AccountId, null, e.DisplayName, ServerRole.Member, IsBot: true, stored.Timestamp),
        _ => null,
    };

    // Of somebody who is erased later, a rebuild reads "".
    private static (string Assignments, object[] Values)? Update(AccountEvent @event, DateTimeOffset at) =>
        @event switch
        {
            GuestUpgraded e =>
                ("email = nullif($2, ''), display_name = $3, role = $4", [e.Email, e.DisplayName, (short)e.Role]),
            ProfileUpdated e => ("display_name = $2", [e.DisplayName]),
            EmailChanged e => ("email = nullif($2, ''), email_verified = false", [e.Email]),
            EmailVerified => ("email_verified = true", []),
            ServerRoleChanged e => ("role = $2", [(short)e.Role]),
            BotRevoked => ("revoked_at = $2", [at.UtcDateTime]),
            AccountErased => (
                "email = null, email_verified = false, display_name = '', role = $2, revoked_at = null, erased_at = $3",
                [(short)ServerRole.Guest, at.UtcDateTime]),
            _ => null,
        };

    private static NpgsqlBatchCommand Insert(string schema, List<NewAccount> created) => Sql.Command(
        $"""
        insert into {schema}.accounts (id, email, email_verified, display_name, role, is_bot, created_at)
        select id, nullif(email, ''), false, display_name, role, is_bot, created_at
        from unnest($1, $2, $3, $4, $5, $6) new (id, email, display_name, role, is_bot, created_at)
        """,
        created.ConvertAll(one => one.Id).ToArray(),
        created.ConvertAll(one => one.Email).ToArray(),
        created.ConvertAll(one => one.DisplayName).ToArray(),
        created.ConvertAll(one => (short)one.Role).ToArray(),
        created.ConvertAll(one => one.IsBot).ToArray(),
        created.ConvertAll(one => one.At.UtcDateTime).ToArray());
}
