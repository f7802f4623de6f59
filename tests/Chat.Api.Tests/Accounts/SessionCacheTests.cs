using Chat.Api.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Chat.Api.Tests.Accounts;

/// <summary>What is remembered of a session that ends.</summary>
public sealed class SessionCacheTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_ends_while_it_is_looked_up_is_not_remembered(bool isRenewal)
    {
        var ct = TestContext.Current.CancellationToken;
        using var alice = await server.PersonAsync("Alice");
        var id = (await server.Services.GetRequiredService<Sessions>().FindAsync(alice.Token!, ct))!.Id;
        var target = new NpgsqlConnectionStringBuilder(server.DatabaseConnection);
        await using var proxy = new TcpProxy(target.Host!, target.Port);
        proxy.Up();
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(target.ConnectionString)
        {
            Host = "127.0.0.1", Port = proxy.Port, MaxPoolSize = 1,
        });
        var accessTokens = server.Services.GetRequiredService<AccessTokens>();
        using var sessions = new Sessions(database, accessTokens, new ManualClock(DateTimeOffset.UtcNow));
        if (isRenewal)
        {
            await sessions.FindAsync(id, ct);
            await sessions.FindAsync(id, ct);
        }
        else
        {
            // The connection is there.
            await sessions.FindAsync(Guid.NewGuid(), ct);
        }

        var answered = proxy.FreezeAnswers();
        var looking = isRenewal ? sessions.RenewUsedAsync([id], ct) : sessions.FindAsync(id, ct);
        await answered.WaitAsync(ct);
        await alice.DataAsync("mutation { signOut { ok } }");
        sessions.Forget(id);
        proxy.Thaw();
        await looking;

        (await sessions.FindAsync(id, ct)).ShouldBeNull();
    }
}
