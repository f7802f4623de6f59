using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>Loads are batched by waves, without timers; whoever waits for a load gets it.</summary>
public sealed class DataLoaderTests
{
    [Fact]
    public async Task Loads_of_one_wave_are_one_batch_of_distinct_keys()
    {
        await using var server = Server();
        (await server.TextAsync("{ items(count: 6) { half { id } alsoHalf { id } } }"))
            .ShouldContain("\"half\":{\"id\":2}");
        Batches(server).ShouldBe(["0,1,2"]);
    }

    [Fact]
    public async Task Loads_after_loads_are_one_batch_each()
    {
        await using var server = Server();
        await server.TextAsync("{ items(count: 8) { quarter { id } } }");
        Batches(server).ShouldBe(["1000,1001,1002,1003", "0,1"]);
    }

    // Those who wait for the same load, and those who come while its batch is handed out.
    [Theory]
    [InlineData("quarter")]
    [InlineData("afterLast(count: 40)")]
    public async Task All_who_wait_for_the_same_batch_go_on_in_one_wave(string field)
    {
        for (var i = 0; i < 200; i++)
        {
            await using var server = Server();
            await server.TextAsync($"{{ items(count: 40) {{ {field} {{ id }} }} }}");
            Batches(server).Select(batch => batch.Split(',').Length).ShouldBe([20, 10]);
        }
    }

    [Fact]
    public async Task Levels_that_need_no_waiting_share_a_batch()
    {
        await using var server = Server();
        await server.TextAsync("{ items(count: 2) { children { half { id } children { half { id } } } } }");
        Batches(server).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Loads_outside_of_a_wave_do_not_hang()
    {
        await using var server = Server();
        (await server.TextAsync("{ late(id: 4) { id } }")).ShouldBe("""{"data":{"late":{"id":4}}}""");
        (await server.TextAsync("mutation { a: touch(id: 1) { id } b: touch(id: 2) { id } }"))
            .ShouldBe("""{"data":{"a":{"id":1},"b":{"id":2}}}""");
    }

    [Fact]
    public async Task Keys_that_are_loaded_together_are_one_batch_also_outside_of_a_wave()
    {
        await using var server = InProcess.With(
            builder => builder.AddType(typeof(ManyQueries)).AddDataLoader<ManyLoader>());
        (await server.TextAsync("{ batches(count: 20000) }")).ShouldBe("""{"data":{"batches":1}}""");
    }

    [Fact]
    public async Task Thousands_of_concurrent_late_loads_all_end()
    {
        await using var server = Server();
        var queries = Enumerable.Range(0, 50).Select(
            _ => server.TextAsync("{ items(count: 40) { lateHalf { id } quarter { id } } }"));
        var texts = await Task.WhenAll(queries).WaitAsync(TimeSpan.FromSeconds(30), Cancel.Test);
        texts.ShouldAllBe(text => !text.Contains("errors"));
    }

    [Fact]
    public async Task Batches_are_limited()
    {
        await using var server = Server();
        await server.TextAsync("{ items(count: 2500) { half { id } } }");
        Batches(server).Select(batch => batch.Split(',').Length).ShouldBe([1_000, 250], ignoreOrder: true);
    }

    [Fact]
    public async Task A_loader_whose_batches_may_hold_nothing_loads_one_key_at_a_time_and_harms_no_other()
    {
        await using var server = Server();
        (await server.TextAsync("{ items(count: 2) { alone } }"))
            .ShouldBe("""{"data":{"items":[{"alone":0},{"alone":1}]}}""");
        (await server.TextAsync("{ items(count: 1) { half { id } } }"))
            .ShouldBe("""{"data":{"items":[{"half":{"id":0}}]}}""");
    }

    [Fact]
    public async Task A_batch_that_fails_fails_its_loads()
    {
        await using var server = Server();
        (await server.TextAsync("{ failing { id } items(count: 1) { id } }")).ShouldBe(
                "{\"data\":{\"failing\":null,\"items\":[{\"id\":0}]},\"errors\":[{\"message\":\"Internal error\"," +
                "\"locations\":[{\"line\":1,\"column\":3}],\"path\":[\"failing\"]," +
                "\"extensions\":{\"code\":\"INTERNAL\",\"traceId\":\"…\"}}]}");
    }

    [Fact]
    public async Task Keys_without_value_are_null_and_groups_empty()
    {
        await using var server = Server();
        (await server.TextAsync("{ missing { id } group(id: 2) noGroup: group(id: -1) }"))
            .ShouldBe("""{"data":{"missing":null,"group":["2a","2b"],"noGroup":[]}}""");
    }

    [Fact]
    public async Task A_loader_belongs_to_one_operation()
    {
        await using var server = Server();
        await server.TextAsync("{ items(count: 2) { half { id } } }");
        await server.TextAsync("{ items(count: 2) { half { id } } }");
        Batches(server).ShouldBe(["0", "0"]);
    }

    private static InProcess Server() => InProcess.With(builder =>
    {
        builder.AddType(typeof(Queries)).AddType(typeof(ItemFields)).AddType(typeof(Mutations))
            .AddDataLoader<ItemLoader>().AddDataLoader<FailingLoader>().AddDataLoader<GroupLoader>()
            .AddDataLoader<NarrowLoader>();
        builder.Services.AddSingleton<LoadedBatches>();
    });

    private static LoadedBatches Batches(InProcess server) => server.Service<LoadedBatches>();

    public sealed class LoadedBatches : ConcurrentQueue<string>;

    [GraphQLName("Item")]
    public sealed record Item(int Id);

    public sealed class ItemLoader(LoadedBatches batches) : BatchDataLoader<int, Item>
    {
        protected override async Task<IReadOnlyDictionary<int, Item>> LoadBatchAsync(
            IReadOnlyList<int> keys, CancellationToken ct)
        {
            batches.Enqueue(string.Join(',', keys));
            await Task.Yield();
            return keys.Where(key => key >= 0).ToDictionary(key => key, key => new Item(key));
        }
    }

    public sealed class FailingLoader : BatchDataLoader<int, Item>
    {
        protected override Task<IReadOnlyDictionary<int, Item>> LoadBatchAsync(
            IReadOnlyList<int> keys, CancellationToken ct) => throw new InvalidOperationException("down");
    }

    public sealed class NarrowLoader : BatchDataLoader<int, int>
    {
        protected override int MaxBatchSize => 0;

        protected override Task<IReadOnlyDictionary<int, int>> LoadBatchAsync(
            IReadOnlyList<int> keys, CancellationToken ct) =>
            Task.FromResult<IReadOnlyDictionary<int, int>>(new Dictionary<int, int> { [keys.Single()] = keys[0] });
    }

    public sealed class GroupLoader : GroupedDataLoader<int, string>
    {
        protected override Task<ILookup<int, string>> LoadGroupedBatchAsync(
            IReadOnlyList<int> keys, CancellationToken ct) => Task.FromResult(
            keys.Where(key => key >= 0).SelectMany(key => new[] { (key, $"{key}a"), (key, $"{key}b") })
                .ToLookup(pair => pair.key, pair => pair.Item2));
    }

    [QueryType]
    public static class Queries
    {
        public static IEnumerable<Item> Items(int count) => Enumerable.Range(0, count).Select(i => new Item(i));

        public static async Task<Item?> LateAsync(int id, ItemLoader loader, CancellationToken ct)
        {
            await Task.Delay(1, ct);
            return await loader.LoadAsync(id, ct);
        }

        public static Task<Item?> Failing(FailingLoader loader, CancellationToken ct) => loader.LoadAsync(1, ct);

        public static Task<Item?> Missing(ItemLoader loader, CancellationToken ct) => loader.LoadAsync(-1, ct);

        public static Task<IReadOnlyList<string>> Group(int id, GroupLoader loader, CancellationToken ct) =>
            loader.LoadAsync(id, ct);
    }

    [ObjectType<Item>]
    public static class ItemFields
    {
        public static Task<Item?> Half([Parent] Item item, ItemLoader loader, CancellationToken ct) =>
            loader.LoadAsync(item.Id / 2, ct);

        public static Task<int> Alone([Parent] Item item, NarrowLoader loader, CancellationToken ct) =>
            loader.LoadAsync(item.Id, ct);

        public static Task<Item?> AlsoHalf([Parent] Item item, ItemLoader loader, CancellationToken ct) =>
            loader.LoadAsync(item.Id / 2, ct);

        public static async Task<Item?> QuarterAsync([Parent] Item item, ItemLoader loader, CancellationToken ct)
        {
            // Another range of keys, so that no second load is answered by the first batch.
            var half = await loader.LoadAsync((item.Id / 2) + Offset, ct);
            return await loader.LoadAsync((half!.Id - Offset) / 2, ct);
        }

        public static async Task<Item?> AfterLastAsync(
            [Parent] Item item, int count, ItemLoader loader, CancellationToken ct)
        {
            var half = await loader.LoadAsync((item.Id / 2) + Offset, ct);
            await loader.LoadAsync(((count - 1) / 2) + Offset, ct);
            return await loader.LoadAsync((half!.Id - Offset) / 2, ct);
        }

        public static async Task<Item?> LateHalfAsync([Parent] Item item, ItemLoader loader, CancellationToken ct)
        {
            await Task.Yield();
            return await loader.LoadAsync(item.Id / 2, ct);
        }

        public static IEnumerable<Item> Children([Parent] Item item) =>
            [new((item.Id * 10) + 20), new((item.Id * 10) + 22)];

        private const int Offset = 1_000;
    }

    [MutationType]
    public static class Mutations
    {
        public static Task<Item?> Touch(int id, ItemLoader loader, CancellationToken ct) => loader.LoadAsync(id, ct);
    }

    [QueryType]
    public static class ManyQueries
    {
        public static async Task<int> BatchesAsync(int count, ManyLoader loader, CancellationToken ct)
        {
            await Task.Yield();
            await loader.LoadManyAsync(Enumerable.Range(0, count), ct);
            return loader.Batches;
        }
    }

    public sealed class ManyLoader : BatchDataLoader<int, int>
    {
        private int batches;

        public int Batches => batches;

        protected override int MaxBatchSize => int.MaxValue;

        protected override async Task<IReadOnlyDictionary<int, int>> LoadBatchAsync(
            IReadOnlyList<int> keys, CancellationToken ct)
        {
            Interlocked.Increment(ref batches);
            await Task.Yield();
            return keys.ToDictionary(key => key);
        }
    }
}
