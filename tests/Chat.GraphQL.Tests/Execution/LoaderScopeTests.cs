using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>
/// How long a data loader remembers: a query, a root field of a mutation, an event of a subscription.
/// </summary>
public sealed class LoaderScopeTests : IAsyncDisposable
{
    private readonly InProcess server = InProcess.With(builder =>
    {
        builder.AddType(typeof(Queries)).AddType(typeof(Mutations)).AddType(typeof(Subscriptions))
            .AddType(typeof(CounterFields)).AddDataLoader<ValueLoader>();
        builder.Services.AddSingleton<Store>();
    });

    private Store Values => server.Service<Store>();

    [Fact]
    public async Task A_query_loads_a_key_once()
    {
        (await server.TextAsync("{ counters(ids: [1, 1, 2]) { value again: value } }"))
            .ShouldBe("{\"data\":{\"counters\":[{\"value\":0,\"again\":0},{\"value\":0,\"again\":0}," +
                "{\"value\":0,\"again\":0}]}}");
        Values.Batches.ShouldBe(["1,2"]);
    }

    [Fact]
    public async Task A_field_of_a_mutation_sees_what_the_one_before_it_changed()
    {
        (await server.TextAsync("mutation { a: add(id: 1) { value } b: add(id: 1) { value } c: add(id: 2) { value } }"))
            .ShouldBe("{\"data\":{\"a\":{\"value\":1},\"b\":{\"value\":2},\"c\":{\"value\":1}}}");
        Values.Batches.ShouldBe(["1", "1", "2"]);
    }

    [Fact]
    public async Task Lists_below_a_field_of_a_mutation_are_one_batch()
    {
        await server.TextAsync("mutation { addAll(ids: [3, 4, 3]) { value } }");
        Values.Batches.ShouldBe(["3,4"]);
    }

    [Fact]
    public async Task Each_event_of_a_subscription_loads_anew_and_in_one_batch()
    {
        var request = new GraphQLRequest("subscription { changed { value twice: value } }", null, default);
        var operation = server.Executor.Prepare(request, out _)!;
        await using var source = server.Executor.Subscribe(operation, server.State, Cancel.Test);
        var payloads = new List<string>();
        await foreach (var response in source.ResponsesAsync(Cancel.Test))
            payloads.Add(System.Text.Encoding.UTF8.GetString(response.Span));

        payloads.ShouldBe([.. Enumerable.Range(1, 3).Select(
            value => $"{{\"data\":{{\"changed\":[{{\"value\":{value},\"twice\":{value}}}," +
                $"{{\"value\":0,\"twice\":0}}]}}}}")]);
        Values.Batches.ShouldBe(["1,2", "1,2", "1,2"]);
    }

    [Fact]
    public async Task A_batch_that_fails_fails_each_of_its_rows_and_no_other()
    {
        var response = await server.ExecuteAsync("{ counters(ids: [1, -1, 2]) { id value } late(id: 5) }");
        response.GetProperty("data").GetRawText().ShouldBe(
            "{\"counters\":[{\"id\":1,\"value\":null},{\"id\":-1,\"value\":null},{\"id\":2,\"value\":null}]," +
            "\"late\":0}");
        response.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetRawText())
            .ShouldBe(["[\"counters\",0,\"value\"]", "[\"counters\",1,\"value\"]", "[\"counters\",2,\"value\"]"]);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    public sealed class Store : ConcurrentDictionary<int, int>
    {
        public ConcurrentQueue<string> Batches { get; } = new();
    }

    public sealed record Counter(int Id);

    public sealed class ValueLoader(Store values) : BatchDataLoader<int, int>
    {
        protected override async Task<IReadOnlyDictionary<int, int>> LoadBatchAsync(
            IReadOnlyList<int> keys, CancellationToken ct)
        {
            values.Batches.Enqueue(string.Join(',', keys));
            await Task.Yield();
            if (keys.Any(key => key < 0))
                throw new InvalidOperationException("no such counter");
            return keys.ToDictionary(key => key, key => values.GetValueOrDefault(key));
        }
    }

    [ObjectType<Counter>]
    public static class CounterFields
    {
        public static async Task<int?> ValueAsync([Parent] Counter counter, ValueLoader loader, CancellationToken ct) =>
            await loader.LoadAsync(counter.Id, ct);
    }

    [QueryType]
    public static class Queries
    {
        public static IEnumerable<Counter> Counters(IReadOnlyList<int> ids) => ids.Select(id => new Counter(id));

        public static async Task<int?> LateAsync(int id, ValueLoader loader, CancellationToken ct)
        {
            while (!loader.LoadAsync(1, ct).IsFaulted)
                await Task.Yield();
            return await loader.LoadAsync(id, ct);
        }
    }

    [MutationType]
    public static class Mutations
    {
        public static Counter Add(int id, Store values)
        {
            values.AddOrUpdate(id, 1, (_, value) => value + 1);
            return new Counter(id);
        }

        public static IEnumerable<Counter> AddAll(IReadOnlyList<int> ids, Store values) =>
            ids.Select(id => Add(id, values));
    }

    [SubscriptionType]
    public static class Subscriptions
    {
        [Subscribe(With = nameof(ChangesAsync))]
        public static IReadOnlyList<Counter> Changed([EventMessage] int id) => [new(id), new(id + 1)];

        public static async IAsyncEnumerable<int> ChangesAsync(Store values)
        {
            for (var i = 0; i < 3; i++)
            {
                await Task.Yield();
                values.AddOrUpdate(1, 1, (_, value) => value + 1);
                yield return 1;
            }
        }
    }
}
