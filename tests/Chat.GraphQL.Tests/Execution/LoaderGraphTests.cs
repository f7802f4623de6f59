namespace Chat.GraphQL.Tests.Execution;

/// <summary>Loaders that load from each other, in random graphs: every load ends, whatever the graph is.</summary>
public sealed class LoaderGraphTests : IAsyncDisposable
{
    private const int Graphs = 1_000;
    private const int FirstSeed = 20_250_901;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly InProcess server = InProcess.With(
        builder => builder.AddType(typeof(Queries)).AddType(typeof(RootFields)),
        options => options.RequestTimeout = Patience);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_random_graph_ends(bool hasCycles)
    {
        var refused = 0;
        for (var seed = FirstSeed; seed < FirstSeed + Graphs; seed++)
        {
            var graph = new Graph(seed, hasCycles);
            server.State["graph"] = graph;
            var response = await server.ExecuteAsync("{ a: sums { sum } b: sums { lateSum } late }")
                .WaitAsync(Patience, Cancel.Test);
            response.TryGetProperty("data", out _).ShouldBeTrue($"seed {seed}: {response}");
            var data = response.GetProperty("data").GetRawText();
            if (!response.TryGetProperty("errors", out _))
                data.ShouldBe(graph.Expected(), $"seed {seed}");
            else if (hasCycles)
                refused++;
            else
                Assert.Fail($"seed {seed}: {response}");
        }

        // The graphs with cycles must have been such that loads wait for themselves, or nothing was tried.
        refused.ShouldBe(hasCycles ? refused : 0);
        if (hasCycles)
            refused.ShouldBeGreaterThan(Graphs / 10);
    }

    [Fact]
    public async Task A_load_that_waits_for_itself_says_so()
    {
        var graph = new Graph(0, hasCycles: false);
        graph.Needs[(0, 0)] = [(1, 0)];
        graph.Needs[(1, 0)] = [(0, 0)];
        var loading = graph.Loaders[0].LoadAsync(0, Cancel.Test).WaitAsync(Patience, Cancel.Test);
        (await Should.ThrowAsync<InvalidOperationException>(loading)).Message
            .ShouldBe("NodeLoader waits for itself: loading 0 needs 0, or a key of the same batch.");
    }

    [Fact]
    public async Task A_loader_may_load_from_itself_what_it_does_not_load_already()
    {
        var graph = new Graph(0, hasCycles: false);
        for (var key = 0; key < 100; key++)
            graph.Needs[(0, key)] = [(0, key + 1)];
        (await graph.Loaders[0].LoadAsync(0, Cancel.Test).WaitAsync(Patience, Cancel.Test)).ShouldBe(101);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    /// <summary>What each key of each loader needs from others, and how its loader goes about it.</summary>
    public sealed class Graph
    {
        private const int KeysPerLoader = 4;

        private readonly int roots;
        private readonly int seed;

        public Graph(int seed, bool hasCycles)
        {
            this.seed = seed;
            var random = new Random(seed);
            Loaders = [.. Enumerable.Range(0, random.Next(1, 7)).Select(index => new NodeLoader(this, index))];
            roots = random.Next(1, KeysPerLoader + 1);
            for (var loader = 0; loader < Loaders.Count; loader++)
            {
                for (var key = 0; key < KeysPerLoader; key++)
                    Needs[(loader, key)] = [.. Draw(random, loader, hasCycles)];
            }
        }

        public IReadOnlyList<NodeLoader> Loaders { get; }

        public Dictionary<(int Loader, int Key), (int Loader, int Key)[]> Needs { get; } = [];

        public IEnumerable<int> Roots => Enumerable.Range(0, roots);

        public Random RandomFor(int loader) => new(HashCode.Combine(seed, loader));

        public string Expected()
        {
            var sums = Roots.Select(root => Sum(0, root)).ToList();
            return $$"""
                {"a":[{{string.Join(',', sums.Select(sum => $"{{\"sum\":{sum}}}"))}}],"b":[{{
                string.Join(',', sums.Select(sum => $"{{\"lateSum\":{sum}}}"))}}],"late":{{sums.Sum()}}}
                """;
        }

        private long Sum(int loader, int key) =>
            1 + Needs[(loader, key)].Sum(needed => Sum(needed.Loader, needed.Key));

        private IEnumerable<(int Loader, int Key)> Draw(Random random, int loader, bool hasCycles)
        {
            for (var i = random.Next(0, 3); i > 0; i--)
            {
                var next = hasCycles ? random.Next(Loaders.Count) : loader + random.Next(1, 3);
                if (next < Loaders.Count)
                    yield return (next, random.Next(KeysPerLoader));
            }
        }
    }

    /// <summary>Sums what a key needs, by awaiting one by one or all at once, sooner or later.</summary>
    public sealed class NodeLoader(Graph graph, int index) : BatchDataLoader<int, long>
    {
        private readonly Random random = graph.RandomFor(index);

        protected override int MaxBatchSize => (index % 3) + 1;

        protected override async Task<IReadOnlyDictionary<int, long>> LoadBatchAsync(
            IReadOnlyList<int> keys, CancellationToken ct)
        {
            var style = 0;
            lock (random)
                style = random.Next(4);
            if (style == 0)
                await Task.Yield();
            if (style == 1)
            {
                var sums = await Task.WhenAll(keys.Select(async key => (key, await SumAsync(key, ct))));
                return sums.ToDictionary(pair => pair.key, pair => pair.Item2);
            }

            var answer = new Dictionary<int, long>();
            foreach (var key in keys)
                answer.Add(key, await SumAsync(key, ct));
            return answer;
        }

        private async Task<long> SumAsync(int key, CancellationToken ct)
        {
            var sum = 1L;
            foreach (var (loader, needed) in graph.Needs.GetValueOrDefault((index, key), []))
                sum += await graph.Loaders[loader].LoadAsync(needed, ct);
            return sum;
        }
    }

    public sealed record Root(int Key);

    [QueryType]
    public static class Queries
    {
        public static IEnumerable<Root> Sums([GlobalState] Graph graph) => graph.Roots.Select(key => new Root(key));

        public static async Task<long?> LateAsync([GlobalState] Graph graph, CancellationToken ct)
        {
            await Task.Yield();
            return (await graph.Loaders[0].LoadManyAsync(graph.Roots, ct)).Sum();
        }
    }

    [ObjectType<Root>]
    public static class RootFields
    {
        public static async Task<long?> Sum([Parent] Root root, [GlobalState] Graph graph, CancellationToken ct) =>
            await graph.Loaders[0].LoadAsync(root.Key, ct);

        public static async Task<long?> LateSumAsync(
            [Parent] Root root, [GlobalState] Graph graph, CancellationToken ct)
        {
            await Task.Yield();
            return await graph.Loaders[0].LoadAsync(root.Key, ct);
        }
    }
}
