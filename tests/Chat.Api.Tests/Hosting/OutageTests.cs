using System.Net;
using Chat.TestDatabase;
using Npgsql;

namespace Chat.Api.Tests.Hosting;

/// <summary>A database that is down when the server starts, and one that goes away later.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task The_server_waits_for_its_database_and_says_so()
    {
        await using var database = await ClonedDatabase.CreateAsync("empty", _ => Task.CompletedTask);
        await using var proxy = Proxy(database, out var connectionString);
        await using var server = new ChatServer();
        server.Start(connectionString);
        (await server.StatusAsync("/health/live")).ShouldBe(HttpStatusCode.OK);
        (await server.StatusAsync("/health/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await server.Anonymous().RefusalAsync("enterAsGuest", new { displayName = "Early" })).Code
            .ShouldBe("UNAVAILABLE");
        proxy.Up();
        await server.WaitUntilReadyAsync();
        using var guest = await server.GuestAsync("Late");
        guest.Token.ShouldNotBeNull();
    }

    [Fact]
    public async Task Commands_say_unavailable_and_everything_recovers_by_itself()
    {
        await using var database = await ClonedDatabase.CreateAsync("empty", _ => Task.CompletedTask);
        await using var proxy = Proxy(database, out var connectionString);
        proxy.Up();
        await using var server = new ChatServer();
        server.Settings["Chat:CommandDeadline"] = "00:00:02";
        server.Start(connectionString);
        await server.WaitUntilReadyAsync();
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        await using var socket = await alice.ConnectAsync();
        await socket.SubscribeAsync(room, after: 0);
        (await socket.NextAsync())!.Value.GetProperty("position").GetInt64().ShouldBe(1);

        proxy.Down();
        var commandId = Guid.NewGuid();
        (await alice.RefusalAsync("postMessage", new { roomId = room, text = "during the outage", commandId })).Code
            .ShouldBe("UNAVAILABLE");
        (await alice.ErrorCodeAsync("{ rooms { nodes { id } } }")).ShouldBe("UNAVAILABLE");
        (await server.StatusAsync("/health/live")).ShouldBe(HttpStatusCode.OK);
        (await server.StatusAsync("/health/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);

        proxy.Up();
        await server.WaitUntilReadyAsync();
        await Eventually.TrueAsync(async () =>
            (await alice.PayloadAsync(
                "postMessage", new { roomId = room, text = "during the outage", commandId }, "position"))
            .GetProperty("errors").GetArrayLength() == 0);
        await alice.PostAsync(room, "after the outage");
        // The same socket goes on. Where the outage met an event, the subscription ended before it and is resumed.
        (await TextAfterAsync(socket, room, position: 1)).ShouldBe("during the outage");
        (await TextAfterAsync(socket, room, position: 2)).ShouldBe("after the outage");
    }

    private static async Task<string?> TextAfterAsync(ChatSocket socket, Guid room, long position)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var next = (await socket.NextAsync())!.Value;
                next.GetProperty("position").GetInt64().ShouldBe(position + 1);
                return next.GetProperty("message").GetProperty("text").GetString();
            }
            catch (SubscriptionException e) when (e.Code == "UNAVAILABLE" && attempt < 5)
            {
                await socket.SubscribeAsync(room, position);
            }
        }
    }

    [Fact]
    public async Task A_database_that_hangs_is_answered_as_an_outage_too()
    {
        await using var database = await ClonedDatabase.CreateAsync("empty", _ => Task.CompletedTask);
        await using var proxy = Proxy(database, out var connectionString);
        proxy.Up();
        await using var server = new ChatServer();
        server.Settings["Chat:CommandDeadline"] = "00:00:03";
        server.Start(connectionString);
        await server.WaitUntilReadyAsync();
        using var alice = await server.PersonAsync("Alice");
        var room = await alice.CreateRoomAsync();
        proxy.Freeze();
        (await alice.RefusalAsync("postMessage", new { roomId = room, text = "into the silence" })).Code
            .ShouldBe("UNAVAILABLE");
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
        (await alice.RefusalAsync("postMessage", new { roomId = room, text = "into the silence" })).Code
            .ShouldBe("UNAVAILABLE");
        proxy.Thaw();
        await Eventually.TrueAsync(async () =>
            (await alice.PayloadAsync("postMessage", new { roomId = room, text = "again" }, "position"))
            .GetProperty("errors").GetArrayLength() == 0, TimeSpan.FromSeconds(20));
        await server.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task Nothing_is_served_from_a_database_that_is_not_brought_up_to_date()
    {
        await using var database = await ClonedDatabase.CreateAsync("empty", _ => Task.CompletedTask);
        await using var other = await database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var migrating = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand("select pg_advisory_xact_lock(hashtext('chat schema'))", other))
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var server = new ChatServer();
        server.Start(database.ConnectionString);
        (await server.Anonymous().RefusalAsync("signIn", new { email = "a@b.c", password = "password" })).Code
            .ShouldBe("UNAVAILABLE");
        (await server.Anonymous().ErrorCodeAsync("{ rooms { nodes { id } } }")).ShouldBe("UNAVAILABLE");
        await migrating.RollbackAsync(TestContext.Current.CancellationToken);
        await server.WaitUntilReadyAsync();
    }

    private static TcpProxy Proxy(ClonedDatabase database, out string connectionString)
    {
        var target = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var proxy = new TcpProxy(target.Host!, target.Port);
        proxy.Reserve();
        connectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Host = "127.0.0.1", Port = proxy.Port, Timeout = 3,
        }.ConnectionString;
        return proxy;
    }
}
