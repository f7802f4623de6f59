using System.Net;
using System.Text.Json;
using Chat.Projections;
using Chat.TestDatabase;
using Npgsql;

namespace Chat.Api.Tests.Rebuilding;

/// <summary>Databases that an earlier version of the server left, and nodes of several versions on one.</summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private const string MakeOlder =
        """
        alter table chat_read.messages drop column author_ordinal;
        alter table chat_read.rooms drop column message_count;
        drop table chat_read.stays;
        delete from chat_store.projection_models;
        """;

    private const string Leftovers = "select count(*) from pg_namespace where nspname like 'chat\\_read\\_\\_rebuild%'";
    private const string Swaps = "select oid::bigint from pg_namespace where nspname = 'chat_read'";

    private ClonedDatabase _database = null!;

    public async ValueTask InitializeAsync() =>
        _database = await ClonedDatabase.CreateAsync("empty", _ => Task.CompletedTask);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Tables_of_an_earlier_version_are_made_anew_and_nothing_is_lost()
    {
        Conversation before;
        string dump;
        await using (var server = await StartAsync())
        {
            before = await TalkAsync(server.Address);
            dump = await ReadModelTables.DumpAsync(_database.DataSource);
        }

        await ExecuteAsync(MakeOlder);
        await using var upgraded = await StartAsync();

        (await ReadModelTables.DumpAsync(_database.DataSource)).ShouldBe(dump);
        await ShouldGoOnAsync(before, upgraded.Address, upgraded.Address);
        (await ScalarAsync("select version::bigint from chat_store.projection_models"))
            .ShouldBe(ReadModels.ModelVersion);
    }

    [Fact]
    public async Task Tables_of_the_same_version_stay()
    {
        await using (var server = await StartAsync())
            await TalkAsync(server.Address);
        var tables = await ScalarAsync(Swaps);

        await using (await StartAsync())
            (await ScalarAsync(Swaps)).ShouldBe(tables);

        await ExecuteAsync(MakeOlder);
        await using (await StartAsync())
            (await ScalarAsync(Swaps)).ShouldNotBe(tables);
    }

    [Fact]
    public async Task Of_two_nodes_one_rebuilds_and_the_other_waits_and_says_so()
    {
        Conversation before;
        await using (var server = await StartAsync())
            before = await TalkAsync(server.Address);
        await ExecuteAsync(MakeOlder);
        await using var reader = await HoldTablesAsync();
        await using var first = Node("first");
        await using var second = Node("second");

        await Eventually.TrueAsync(
            async () =>
            {
                string[] problems = [await ProblemAsync(first), await ProblemAsync(second)];
                return problems.Any(one => one.StartsWith("rebuilding: ReadModels: ", StringComparison.Ordinal))
                    && problems.Contains("waiting for another node, which is rebuilding the read models");
            },
            ChatProcess.StartMax);
        (await ScalarAsync(Leftovers)).ShouldBe(1);
        (await StatusAsync(first, "/health/live")).ShouldBe(HttpStatusCode.OK);
        using (var early = before.Alice.At(first.Address))
            (await early.ErrorCodeAsync("{ rooms { nodes { id } } }")).ShouldBe("UNAVAILABLE");

        await reader.DisposeAsync();
        await first.WaitUntilReadyAsync();
        await second.WaitUntilReadyAsync();
        await ShouldGoOnAsync(before, first.Address, second.Address);
    }

    [Fact]
    public async Task A_node_that_is_killed_amid_its_rebuild_leaves_the_tables_as_they_were_and_the_next_begins_again()
    {
        Conversation before;
        await using (var server = await StartAsync())
            before = await TalkAsync(server.Address);
        await ExecuteAsync(MakeOlder);
        var tables = await ScalarAsync(Swaps);
        await using (await HoldTablesAsync())
        {
            await using var killed = Node("killed");
            await Eventually.TrueAsync(
                async () => (await ProblemAsync(killed)).StartsWith("rebuilding", StringComparison.Ordinal)
                    && await ScalarAsync(Leftovers) == 1,
                ChatProcess.StartMax);
            await killed.KillAsync();
        }

        (await ScalarAsync(Swaps)).ShouldBe(tables);
        await using var server2 = await StartAsync();
        await ShouldGoOnAsync(before, server2.Address, server2.Address);
        (await ScalarAsync(Leftovers)).ShouldBe(0);
    }

    [Fact]
    public async Task A_node_whose_tables_a_later_version_replaces_writes_nothing_more_and_stops_with_a_sentence()
    {
        await using var node = Node("older");
        await node.WaitUntilReadyAsync();
        var before = await TalkAsync(node.Address);
        // What the swap of a later node's rebuild does to the progress.
        await ExecuteAsync(
            """
            begin;
            update chat_store.projection_models set version = version + 1;
            update chat_store.projection_shards set epoch = epoch + 1;
            commit;
            """);
        var messages = await ScalarAsync("select count(*) from chat_read.messages");
        try
        {
            await before.Alice.SendAsync(
                "mutation($id: UUID!) { postMessage(input: { roomId: $id, text: \"late\" }) { position } }",
                new { id = before.Room });
        }
        catch (HttpRequestException)
        {
            // It stopped before it could answer.
        }

        (await node.ExitAsync()).ShouldBe(1);
        var sentence = $"of version {ReadModels.ModelVersion + 1}, those of this program of version";
        node.Output.ShouldContain(sentence);
        (await ScalarAsync("select count(*) from chat_read.messages")).ShouldBe(messages);

        await using var again = Node("again");
        (await again.ExitAsync()).ShouldBe(1);
        again.Output.ShouldContain(sentence);
    }

    [Fact]
    public async Task A_node_starts_while_somebody_reads_all_tables_for_long()
    {
        Conversation before;
        await using (var server = await StartAsync())
            before = await TalkAsync(server.Address);
        // A backup holds its locks for as long as it takes. A start that waited behind it would never be ready here.
        await using var backup = await BeginAsync(
            """
            do $$
            begin
                execute (
                    select format('lock table %s in access share mode', string_agg(oid::regclass::text, ', '))
                    from pg_class
                    where relkind = 'r' and relnamespace::regnamespace::text in
                        ('public', 'chat_store', 'chat_read', 'chat_auth', 'chat_state', 'chat_limits'));
            end $$
            """);
        (await ScalarAsync(
            """
            select count(distinct relation) from pg_locks join pg_class on pg_class.oid = relation
            where relkind = 'r' and mode = 'AccessShareLock' and relnamespace = 'chat_read'::regnamespace
            """)).ShouldBeGreaterThan(5);

        await using var again = await StartAsync();
        await ShouldGoOnAsync(before, again.Address, again.Address);
    }

    [Fact]
    public async Task What_is_no_history_is_kept_and_gets_the_columns_it_lacks()
    {
        Conversation before;
        await using (var server = await StartAsync())
            before = await TalkAsync(server.Address);
        await ExecuteAsync(
            """
            alter table chat_state.members drop column notify;
            alter table chat_auth.sessions drop column kind, drop column refresh_generation, drop column refreshed_at;
            """);

        await using var upgraded = await StartAsync();
        using var alice = new ChatClient(upgraded.Address);
        await alice.SignInAsync(before.Alice.Email!);

        var membership = (await alice.DataAsync(
            "query($id: UUID!) { room(id: $id) { viewerMembership { lastReadPosition notify } } }",
            new { id = before.Room })).GetProperty("room").GetProperty("viewerMembership");
        membership.GetProperty("lastReadPosition").GetInt64().ShouldBe(before.LastRead);
        membership.GetProperty("notify").GetString().ShouldBe("ALL");
    }

    private static async Task<Conversation> TalkAsync(Uri node)
    {
        var alice = new ChatClient(node);
        await alice.RegisterAsync("alice@example.org", "Alice");
        var room = await alice.CreateRoomAsync();
        using var bob = new ChatClient(node);
        await bob.RegisterAsync("bob@example.org", "Bob");
        await bob.JoinAsync(room);
        await bob.PostAsync(room, "first");
        var second = await alice.PostAsync(room, "second");
        await bob.LeaveAsync(room);
        var last = await alice.PostAsync(room, "third");
        await alice.DoAsync("markRead", new { roomId = room, position = second }, "membership { lastReadPosition }");
        return new(alice, room, second, last);
    }

    // All positions are there, and the next one comes live.
    private static async Task ShouldGoOnAsync(Conversation before, Uri posting, Uri watching)
    {
        using var alice = before.Alice.At(posting);
        using var watcher = before.Alice.At(watching);
        await using var socket = await watcher.ConnectAsync();
        await socket.SubscribeAsync(before.Room, after: 0);
        for (var position = 1L; position <= before.LastPosition; position++)
            (await socket.NextAsync())!.Value.GetProperty("position").GetInt64().ShouldBe(position);

        (await alice.PostAsync(before.Room, "fourth")).ShouldBe(before.LastPosition + 1);

        (await socket.NextAsync())!.Value.GetProperty("message").GetProperty("text").GetString().ShouldBe("fourth");
        var texts = (await watcher.DataAsync(
            "query($id: UUID!) { room(id: $id) { messages { nodes { text } } } }", new { id = before.Room }))
            .GetProperty("room").GetProperty("messages").GetProperty("nodes").EnumerateArray()
            .Select(one => one.GetProperty("text").GetString());
        texts.ShouldBe(["first", "second", "third", "fourth"]);
    }

    private async Task<ChatServer> StartAsync()
    {
        var server = new ChatServer();
        server.Start(_database.ConnectionString);
        await server.WaitUntilReadyAsync();
        return server;
    }

    private ChatProcess Node(string name) => new(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CHAT__DATABASE"] = _database.ConnectionString,
        ["CHAT__MASTERKEY"] = Convert.ToBase64String(new byte[32]),
        ["CHAT__NODENAME"] = name,
    });

    /// <summary>A reader who does not let go of the old tables: no rebuild is swapped in meanwhile.</summary>
    private Task<NpgsqlConnection> HoldTablesAsync() => BeginAsync("lock table chat_read.rooms in access share mode");

    /// <summary>A transaction that lasts until it is disposed of.</summary>
    private async Task<NpgsqlConnection> BeginAsync(string sql)
    {
        var connection = await _database.DataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"begin; {sql}", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static async Task<HttpStatusCode> StatusAsync(ChatProcess node, string path)
    {
        using var http = new HttpClient { BaseAddress = node.Address };
        using var response = await http.GetAsync(path);
        return response.StatusCode;
    }

    private static async Task<string> ProblemAsync(ChatProcess node)
    {
        using var http = new HttpClient { BaseAddress = node.Address };
        try
        {
            using var response = await http.GetAsync("/health/ready");
            return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync())
                .TryGetProperty("problem", out var problem) ? problem.GetString()! : "";
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = _database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private sealed record Conversation(ChatClient Alice, Guid Room, long LastRead, long LastPosition);
}
