using Chat.Projections;
using Npgsql;

namespace Chat.Api.Accounts;

/// <summary>What accounts and sessions are made of.</summary>
internal static class AccountServices
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<ServerSecrets>().AddSingleton<SigningKeys>();
        services.AddSingleton<AccessTokens>().AddSingleton<RefreshTokens>();
        services.AddSingleton<Sessions>().AddSingleton<SessionRows>();
        // Whoever asks may hold a snapshot: these come from the other pool (docs/adr/0005).
        services.AddSingleton(provider => new KnownPeople(
            new SnapshotSource(provider.GetRequiredService<NpgsqlDataSource>())));
        services.AddSingleton<PasswordHashes>().AddSingleton<PasswordProof>().AddSingleton<Credentials>();
        services.AddSingleton<AccountLog>().AddSingleton<Registration>();
        services.AddSingleton<MailTokens>().AddSingleton<MailSender>();
        services.AddBackground<AccountMails>();
        services.AddBackground<LiveSessions>();
        services.AddBackground<Erasures>();
        services.AddBackground<AccountCleanup>();
        services.AddScoped<SessionEntry>().AddScoped<UserResults>().AddScoped<BotCreation>();
    }

    private static void AddBackground<T>(this IServiceCollection services)
        where T : class, IHostedService =>
        services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
