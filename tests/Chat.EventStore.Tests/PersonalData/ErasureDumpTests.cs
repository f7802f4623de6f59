using System.Text;
using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>A logical dump holds no byte of personal data, and after an erasure everything goes on.</summary>
public sealed class ErasureDumpTests : StoreTest
{
    private const string Name = "Ada Augusta Käthe Lovelace";
    private const string Email = "ada.lovelace@example.org";

    private readonly Guid ada = Guid.NewGuid();
    private readonly Guid bob = Guid.NewGuid();
    private readonly EventStore store;

    public ErasureDumpTests(StoreDatabase database)
        : base(database) => store = NewStore(Map);

    [Fact]
    public async Task Before_and_after_an_erasure_and_nothing_stops_working()
    {
        await WriteAsync();
        (await PeopleAsync()).ShouldBe([(Name, Email), ("Bob", "bob@example.org")]);
        await store.AggregateStreamAsync<Person>(ada, Evolve, SnapshotSaving.WhenDue, Stop);
        (await ScalarAsync<long>("SELECT count(*) FROM chat_store.snapshots")).ShouldBe(1);
        (await DumpAsync()).ShouldHoldNothingOf(Name, Email);

        await store.Keys.EraseAsync(ada, Stop);

        (await DumpAsync()).ShouldHoldNothingOf(Name, Email);
        (await store.AggregateStreamAsync<Person>(ada, Evolve, SnapshotSaving.WhenDue, Stop))
            .ShouldBe(new(2, new(ada, "", "", 2)));
        (await NewStore(Map).ReadStreamAsync(ada, new StreamQuery { Backwards = true }, Stop)
            .Select(one => ((ProfileChanged)one.Data).Email).ToListAsync(Stop)).ShouldBe(["", ""]);
        (await PeopleAsync()).ShouldBe([("", ""), ("Bob", "bob@example.org")], "a projection's re-read goes on");
        (await DumpAsync()).ShouldHoldNothingOf(Name, Email);
    }

    [Fact]
    public async Task The_dump_would_show_it()
    {
        await PostAsync(ada, Name);

        var dump = await DumpAsync();

        Should.Throw<ShouldAssertException>(() => dump.ShouldHoldNothingOf(Name));
    }

    private static void Map(EventStoreOptions options)
    {
        options.SnapshotEveryEvents = 1;
        options.Snapshots.Map<Person>("person", 1);
    }

    private static Person Evolve(Person? person, StoredEvent one)
    {
        var changed = (ProfileChanged)one.Data;
        return new(changed.AccountId, changed.DisplayName, changed.Email, (person?.Changes ?? 0) + 1);
    }

    private async Task WriteAsync()
    {
        await ChangeAsync(ada, "Ada", Email);
        await ChangeAsync(ada, Name, Email);
        await ChangeAsync(bob, "Bob", "bob@example.org");
    }

    private Task<AppendResult> ChangeAsync(Guid person, string name, string email) => store.AppendAsync(
        new()
        {
            StreamId = person,
            Events = [new(Guid.NewGuid(), new ProfileChanged(person, name, email, Mood.Calm)) { Tags = ["profile"] }],
            Metadata = new() { CorrelationId = "c", Headers = new Dictionary<string, string> { ["actor"] = "x" } },
        },
        Stop);

    /// <summary>What a projection that reads the log from the start would show.</summary>
    private async Task<List<(string?, string)>> PeopleAsync()
    {
        var people = new Dictionary<Guid, (string?, string)>();
        await foreach (var page in NewStore(Map).Tail.FollowAsync(0, Stop))
        {
            foreach (var changed in page.Select(one => (ProfileChanged)one.Data))
                people[changed.AccountId] = (changed.DisplayName, changed.Email);
            if (page[^1].Sequence == 3)
                break;
        }

        return [people[ada], people[bob]];
    }

    /// <summary>All tables of both schemas, as COPY writes them into a dump.</summary>
    private async Task<string> DumpAsync()
    {
        await using var connection = await DataSource.OpenConnectionAsync(Stop);
        var tables = new List<string>();
        await using (var command = new NpgsqlCommand(
            """
            SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('public', 'chat_store') AND c.relkind IN ('r', 'm', 'p')
            """,
            connection))
        {
            await using var reader = await command.ExecuteReaderAsync(Stop);
            while (await reader.ReadAsync(Stop))
                tables.Add(reader.GetString(0));
        }

        tables.ShouldContain("public.mt_events");
        tables.ShouldContain("chat_store.snapshots");
        var dump = new StringBuilder();
        foreach (var table in tables)
        {
            using var rows = await connection.BeginTextExportAsync($"COPY {table} TO STDOUT", Stop);
            dump.Append(await rows.ReadToEndAsync(Stop)).Append('\n');
        }

        return dump.ToString();
    }

    private sealed record Person(
        [DataSubject] Guid Id, [PersonalData] string? Name, [PersonalData] string Email, int Changes);
}

internal static class DumpAssertions
{
    private const int TelltaleBytes = 6;

    /// <summary>
    /// No six bytes in a row of the texts: neither as they are nor escaped, as base64 or in hexadecimal.
    /// </summary>
    public static void ShouldHoldNothingOf(this string dump, params string[] texts)
    {
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            for (var i = 0; i + TelltaleBytes <= bytes.Length; i++)
            {
                var part = bytes[i..(i + TelltaleBytes)];
                dump.ShouldNotContain(Convert.ToHexString(part).ToLowerInvariant(), Case.Sensitive);
                dump.ShouldNotContain(Convert.ToBase64String(part), Case.Sensitive);
            }

            for (var i = 0; i + TelltaleBytes <= text.Length; i++)
                dump.ShouldNotContain(text.Substring(i, TelltaleBytes), Case.Insensitive);
        }
    }
}
