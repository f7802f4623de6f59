using System.Diagnostics;

namespace Chat.Bench.GraphQL.Http;

/// <summary>What a stretch of load cost.</summary>
/// <param name="RequestsPerSecond">Answered.</param>
/// <param name="ProcessorMicroseconds">Of the server's process, per request.</param>
/// <param name="Latency">As the clients saw it.</param>
internal sealed record LoadResult(
    double RequestsPerSecond, double ProcessorMicroseconds, Store.Percentiles Latency);

/// <summary>
/// Clients that ask the same thing over and over, each on a thread and a connection of its own. Every response is
/// compared with the first.
/// </summary>
internal sealed class HttpLoad
{
    private const int SecondsWithoutGain = 6;
    private const double Gain = 0.95;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(0.3);

    private readonly byte[] request;
    private readonly byte[] expected;
    private readonly MeasuredServer server;
    private volatile bool isMeasuring;
    private volatile bool isStopping;
    private volatile Exception? failure;

    /// <summary>
    /// Load until the code is compiled and optimised: until a second is not cheaper any more than those before it.
    /// </summary>
    public static async Task WarmUpAsync(
        MeasuredServer server, string query, TimeSpan max, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var least = double.PositiveInfinity;
        for (var same = 0; same < SecondsWithoutGain && clock.Elapsed < max; same++)
        {
            var result = await RunAsync(server, query, TimeSpan.Zero, TimeSpan.FromSeconds(1), cancellation);
            // Runtimes compile in the background, and .NET only once nothing new has been called for a while.
            await Task.Delay(Quiet, cancellation);
            if (result.ProcessorMicroseconds < least * Gain)
                same = 0;
            least = Math.Min(least, result.ProcessorMicroseconds);
        }
    }

    private HttpLoad(MeasuredServer server, string query)
    {
        this.server = server;
        request = HttpConnection.Request(server.Address, query);
        using var connection = new HttpConnection(server.Address);
        expected = connection.Exchange(request).ToArray();
    }

    public static async Task<LoadResult> RunAsync(
        MeasuredServer server, string query, TimeSpan leadIn, TimeSpan stretch, CancellationToken cancellation)
    {
        var load = new HttpLoad(server, query);
        var clients = Enumerable.Range(0, BenchPlan.Connections).Select(_ => new Client(load)).ToArray();
        await Task.Delay(leadIn, cancellation);
        var before = server.ProcessorTime;
        var clock = Stopwatch.StartNew();
        load.isMeasuring = true;
        await Task.Delay(stretch, cancellation);
        load.isMeasuring = false;
        var elapsed = clock.Elapsed;
        var processor = server.ProcessorTime - before;
        load.isStopping = true;
        foreach (var client in clients)
            client.Join();
        if (load.failure is { } failure)
            throw new InvalidOperationException($"The load on {server.Kind.Name} failed.", failure);
        var count = clients.Sum(client => client.Latencies.Count);
        return new(
            count / elapsed.TotalSeconds, processor.TotalMicroseconds / count,
            Store.Percentiles.Of(clients.SelectMany(client => client.Latencies)));
    }

    private sealed class Client
    {
        private readonly HttpLoad load;
        private readonly Thread thread;

        public Client(HttpLoad load)
        {
            this.load = load;
            thread = new Thread(Run);
            thread.Start();
        }

        public List<long> Latencies { get; } = [];

        public void Join() => thread.Join();

        private void Run()
        {
            try
            {
                using var connection = new HttpConnection(load.server.Address);
                while (!load.isStopping)
                {
                    var start = Stopwatch.GetTimestamp();
                    var body = connection.Exchange(load.request);
                    if (load.isMeasuring)
                        Latencies.Add(Stopwatch.GetTimestamp() - start);
                    if (!body.SequenceEqual(load.expected))
                        throw new InvalidOperationException("A response is not like the first.");
                }
            }
            catch (Exception exception)
            {
                load.failure = exception;
            }
        }
    }
}
