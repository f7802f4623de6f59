using Npgsql;

namespace Chat.Api.Accounts;

internal static class AccountSchema
{
    public static Task MigrateAsync(NpgsqlDataSource database, CancellationToken ct) =>
        Projections.SchemaScript.ApplyAsync(
            database, typeof(AccountSchema).Assembly, "Chat.Api.Accounts.schema.sql", ct);
}
