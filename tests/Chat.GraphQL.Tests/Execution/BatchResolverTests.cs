using System.Runtime.CompilerServices;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>Resolvers that are called once for all parents of a wave, and those that return streams.</summary>
public sealed class BatchResolverTests : IAsyncDisposable
{
    private readonly InProcess server = InProcess.With(builder => builder
        .AddType(typeof(Queries)).AddType(typeof(ItemFields)).AddDataLoader<DoubleLoader>());

    private readonly List<int> calls = [];

    public BatchResolverTests() => server.State["calls"] = calls;

    [Theory]
    [InlineData("now")]
    [InlineData("later")]
    [InlineData("soon")]
    [InlineData("listed")]
    [InlineData("ofList")]
    public async Task One_call_resolves_all_parents(string field)
    {
        (await server.TextAsync($"{{ items(count: 3) {{ id r: {field}(add: 10) }} }}")).ShouldBe(
            """{"data":{"items":[{"id":0,"r":10},{"id":1,"r":11},{"id":2,"r":12}]}}""");
        calls.ShouldBe([3]);
    }

    [Fact]
    public async Task Objects_below_are_one_call_for_all_of_them()
    {
        (await server.TextAsync("{ items(count: 3) { next { id next { id } } } }")).ShouldBe(
            "{\"data\":{\"items\":[{\"next\":{\"id\":1,\"next\":{\"id\":2}}}," +
            "{\"next\":{\"id\":2,\"next\":null}},{\"next\":null}]}}");
        calls.ShouldBe([3, 2]);
    }

    [Theory]
    [InlineData("short(by: 1)", "ItemFields.Short returned 1 results for 2 parents.")]
    [InlineData("short(by: -1)", "ItemFields.Short returned 3 results for 2 parents.")]
    [InlineData("short(by: 9)", "ItemFields.Short returned null for 2 parents.")]
    [InlineData("shortLater", "ItemFields.ShortLaterAsync returned 0 results for 2 parents.")]
    [InlineData("failing", "no")]
    [InlineData("failingLater", "no")]
    public async Task A_call_that_goes_wrong_is_an_error_of_each_parent(string field, string logged)
    {
        var response = await server.ExecuteAsync($"{{ items(count: 2) {{ id r: {field} }} }}");
        response.GetProperty("data").GetRawText()
            .ShouldBe("""{"items":[{"id":0,"r":null},{"id":1,"r":null}]}""");
        response.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetRawText())
            .ShouldBe(["[\"items\",0,\"r\"]", "[\"items\",1,\"r\"]"]);
        server.Log.Entries.ShouldHaveSingleItem("it went wrong once").Exception!.Message.ShouldBe(logged);
    }

    [Fact]
    public async Task Loads_in_a_batch_resolver_are_one_batch() =>
        (await server.TextAsync("{ items(count: 3) { loaded } }"))
            .ShouldBe("""{"data":{"items":[{"loaded":0},{"loaded":2},{"loaded":4}]}}""");

    [Theory]
    [InlineData("{ stream(count: 3) { id } }", """{"data":{"stream":[{"id":0},{"id":1},{"id":2}]}}""")]
    [InlineData("{ numbers }", """{"data":{"numbers":[1,null,3]}}""")]
    [InlineData("{ noStream { id } }", """{"data":{"noStream":null}}""")]
    [InlineData("{ items(count: 2) { parts } }", """{"data":{"items":[{"parts":[]},{"parts":["p0"]}]}}""")]
    public async Task A_stream_is_a_list(string query, string response) =>
        (await server.TextAsync(query)).ShouldBe(response);

    [Fact]
    public async Task A_stream_that_fails_is_an_error_of_its_field()
    {
        var response = await server.ExecuteAsync("{ brokenStream items(count: 1) { id } }");
        response.GetProperty("data").GetRawText().ShouldBe("""{"brokenStream":null,"items":[{"id":0}]}""");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    public sealed record Item(int Id);

    public sealed class DoubleLoader : BatchDataLoader<int, int>
    {
        protected override Task<IReadOnlyDictionary<int, int>> LoadBatchAsync(
            IReadOnlyList<int> keys, CancellationToken ct)
        {
            keys.Count.ShouldBe(3);
            return Task.FromResult<IReadOnlyDictionary<int, int>>(keys.ToDictionary(key => key, key => 2 * key));
        }
    }

    [QueryType]
    public static class Queries
    {
        public static IEnumerable<Item> Items(int count) => Enumerable.Range(0, count).Select(id => new Item(id));

        public static async IAsyncEnumerable<Item> Stream(
            int count, [EnumeratorCancellation] CancellationToken ct = default)
        {
            for (var id = 0; id < count; id++)
            {
                await Task.Delay(1, ct);
                yield return new Item(id);
            }
        }

        public static async IAsyncEnumerable<int?> Numbers()
        {
            yield return 1;
            await Task.Yield();
            yield return null;
            yield return 3;
        }

        public static IAsyncEnumerable<Item>? NoStream => null;

        public static async IAsyncEnumerable<int>? BrokenStream()
        {
            yield return 1;
            await Task.Yield();
            throw new InvalidOperationException("broken");
        }
    }

    [ObjectType<Item>]
    public static class ItemFields
    {
        [BatchResolver]
        public static IReadOnlyList<int> Now(
            [Parent] IReadOnlyList<Item> items, int add, [GlobalState] List<int> calls)
        {
            calls.Add(items.Count);
            return [.. items.Select(item => item.Id + add)];
        }

        [BatchResolver]
        public static async Task<int[]> LaterAsync([Parent] Item[] items, int add, [GlobalState] List<int> calls)
        {
            await Task.Yield();
            calls.Add(items.Length);
            return [.. items.Select(item => item.Id + add)];
        }

        [BatchResolver]
        public static ValueTask<List<int?>> Soon([Parent] IList<Item> items, int add, [GlobalState] List<int> calls)
        {
            calls.Add(items.Count);
            return new(items.Select(item => (int?)(item.Id + add)).ToList());
        }

        [BatchResolver]
        public static IEnumerable<int> Listed([Parent] IEnumerable<Item> items, int add, [GlobalState] List<int> calls)
        {
            calls.Add(items.Count());
            return items.Select(item => item.Id + add);
        }

        [BatchResolver]
        public static List<int> OfList([Parent] List<Item> items, int add, [GlobalState] List<int> calls)
        {
            calls.Add(items.Count);
            return items.ConvertAll(item => item.Id + add);
        }

        [BatchResolver]
        public static IReadOnlyList<Item?> Next([Parent] IReadOnlyList<Item> items, [GlobalState] List<int> calls)
        {
            calls.Add(items.Count);
            return [.. items.Select(item => item.Id < 2 ? new Item(item.Id + 1) : null)];
        }

        [BatchResolver]
        public static IReadOnlyList<int?> Short([Parent] IReadOnlyList<Item> items, int by) =>
            by == 9 ? null! : [.. Enumerable.Repeat<int?>(1, items.Count - by)];

        [BatchResolver]
        public static async Task<IReadOnlyList<int?>> ShortLaterAsync([Parent] IReadOnlyList<Item> items)
        {
            await Task.Yield();
            return [.. items.Take(0).Select(item => (int?)item.Id)];
        }

        [BatchResolver]
        public static IReadOnlyList<int?> Failing([Parent] IReadOnlyList<Item> items) =>
            throw new InvalidOperationException("no");

        [BatchResolver]
        public static async Task<IReadOnlyList<int?>> FailingLaterAsync([Parent] IReadOnlyList<Item> items)
        {
            await Task.Yield();
            throw new InvalidOperationException("no");
        }

        [BatchResolver]
        public static Task<int[]> LoadedAsync(
            [Parent] IReadOnlyList<Item> items, DoubleLoader loader, CancellationToken ct) =>
            loader.LoadManyAsync(items.Select(item => item.Id), ct);

        public static async IAsyncEnumerable<string> Parts([Parent] Item item)
        {
            for (var i = 0; i < item.Id; i++)
            {
                await Task.Yield();
                yield return $"p{i}";
            }
        }
    }
}
