using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution.Subscriptions;

/// <summary>One event, one execution, also where a field might be thought to depend on the viewer.</summary>
public sealed class SharingTests
{
    [Theory]
    [InlineData("subscription { note { number counted } }")]
    [InlineData("subscription { note { number batched } }")]
    [InlineData("subscription { note { number page(first: 1) { nodes { number } } } }")]
    [InlineData("subscription { number }")]
    public async Task An_event_is_executed_once_for_all(string query)
    {
        await using var server = Start();
        var members = await SubscribeAsync(server, 5, _ => (query, null));
        await SendAsync(server, 7);
        foreach (var member in members)
            (await member.NextAsync())!.ShouldContain("7");
        server.Service<Tally>().Count.ShouldBe(1);
        foreach (var member in members)
            await member.DisposeAsync();
        server.Service<InMemoryTopics>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task The_size_of_a_page_tells_groups_apart()
    {
        await using var server = Start();
        var members = await SubscribeAsync(
            server, 4,
            i => ("subscription ($n: Int) { note { page(first: $n) { nodes { number } } } }", new { n = (i % 2) + 1 }));
        await SendAsync(server, 7);
        for (var i = 0; i < members.Count; i++)
        {
            var response = JsonDocument.Parse((await members[i].NextAsync())!).RootElement;
            response.GetProperty("data").GetProperty("note").GetProperty("page").GetProperty("nodes").GetArrayLength()
                .ShouldBe((i % 2) + 1);
        }

        server.Service<Tally>().Count.ShouldBe(2);
        foreach (var member in members)
            await member.DisposeAsync();
    }

    [Fact]
    public async Task A_batch_that_depends_on_the_viewer_is_executed_for_each()
    {
        await using var server = Start();
        var members = await SubscribeAsync(server, 3, i => ("subscription { note { mine } }", null), inGroups: 0);
        await SendAsync(server, 7);
        for (var i = 0; i < members.Count; i++)
        {
            (await members[i].NextAsync()).ShouldBe($$$$"""{"data":{"note":{"mine":"{{{{i}}}}"}}}""");
            await members[i].DisposeAsync();
        }
    }

    [Fact]
    public async Task A_visibility_key_that_fails_leaves_no_source_open()
    {
        await using var server = Start();
        await using var subscriber = new Subscriber(server, "subscription { guarded { number } }");
        await Should.ThrowAsync<SubscriptionEndedException>(subscriber.NextAsync());
        await subscriber.DisposeAsync();
        server.Service<InMemoryTopics>().Count.ShouldBe(0);
    }

    private static InProcess Start() => InProcess.With(builder =>
    {
        builder.AddType(typeof(NewsQueries)).AddType(typeof(Subscriptions)).AddType(typeof(NoteFields))
            .AddInMemorySubscriptions();
        builder.Services.AddSingleton<Tally>();
    });

    private static async Task<List<Subscriber>> SubscribeAsync(
        InProcess server, int count, Func<int, (string Query, object? Variables)> make, int? inGroups = null)
    {
        var members = new List<Subscriber>();
        for (var i = 0; i < count; i++)
        {
            var (query, variables) = make(i);
            var state = new Dictionary<string, object?> { ["viewer"] = $"{i}" };
            members.Add(new Subscriber(server, query, variables, state));
            members[i].Begin();
        }

        await Eventually.HoldsAsync(
            () => server.Service<Tally>().Sources == count && server.Executor.Groups.Members == (inGroups ?? count),
            "all are subscribed");
        return members;
    }

    private static async Task SendAsync(InProcess server, int number)
    {
        var topics = server.Service<InMemoryTopics>();
        await topics.SendAsync("notes", new Note(number));
        await topics.SendAsync("numbers", number);
    }

    public sealed class Tally
    {
        private int count;
        private int sources;

        public int Count => count;

        public int Sources => sources;

        public void Executed() => Interlocked.Increment(ref count);

        public void Opened() => Interlocked.Increment(ref sources);
    }

    public sealed record Note(int Number);

    [ObjectType<Note>]
    public static class NoteFields
    {
        public static int Counted([Parent] Note note, Tally tally)
        {
            tally.Executed();
            return note.Number;
        }

        [BatchResolver]
        public static IReadOnlyList<int> Batched([Parent] IReadOnlyList<Note> notes, Tally tally)
        {
            tally.Executed();
            return [.. notes.Select(note => note.Number)];
        }

        [BatchResolver]
        public static IReadOnlyList<string> Mine([Parent] IReadOnlyList<Note> notes, [GlobalState] string viewer) =>
            [.. notes.Select(_ => viewer)];

        public static Connection<Note> Page([Parent] Note note, PagingArguments paging, Tally tally)
        {
            tally.Executed();
            var size = paging.SizeOr(1);
            return Connection<Note>.Of(
                [.. Enumerable.Repeat(note, size)], paging, size, found => found.ToString());
        }
    }

    [SubscriptionType]
    public static class Subscriptions
    {
        public static async ValueTask<ISourceStream<Note>> OpenNotesAsync(
            ITopicEventReceiver topics, Tally tally, CancellationToken ct)
        {
            var stream = await topics.SubscribeAsync<Note>("notes", ct);
            tally.Opened();
            return stream;
        }

        public static async ValueTask<ISourceStream<int>> OpenNumbersAsync(
            ITopicEventReceiver topics, Tally tally, CancellationToken ct)
        {
            var stream = await topics.SubscribeAsync<int>("numbers", ct);
            tally.Opened();
            return stream;
        }

        public static string KeyOf([GlobalState] string tenant) => tenant;

        [Subscribe(With = nameof(OpenNotesAsync))]
        public static Note Note([EventMessage] Note note) => note;

        [Subscribe(With = nameof(OpenNotesAsync), VisibilityKey = nameof(KeyOf))]
        public static Note Guarded([EventMessage] Note note) => note;

        [Subscribe(With = nameof(OpenNumbersAsync))]
        public static int Number([EventMessage] int number, Tally tally)
        {
            tally.Executed();
            return number;
        }
    }
}
