using System.Globalization;
using System.Text.Json;
using Chat.Bench.GraphQL.Http;
using Chat.Bench.Store;

namespace Chat.Bench.GraphQL.Rows;

/// <summary>Queries over HTTP: processor time per request.</summary>
internal static class RequestRows
{
    private const double FullMax = 150;
    private const double FullOfMercuriusMax = 0.6;
    private const double PlainMax = 90;
    private const double TinyMax = 18;

    public static async Task<RowResult> FullAsync(BenchPlan plan, CancellationToken cancellation)
    {
        var row = await RunAsync(
            "full", "{ rooms { id name messages { id text author { id name } } } }", plan, cancellation);
        return row.AtMost(FullMax).AtMost(FullOfMercuriusMax, ServerKind.Mercurius);
    }

    public static async Task<RowResult> PlainAsync(BenchPlan plan, CancellationToken cancellation)
    {
        var row = await RunAsync("plain", "{ rooms { id name messages { id text } } }", plan, cancellation);
        return row.AtMost(PlainMax);
    }

    public static async Task<RowResult> TinyAsync(BenchPlan plan, CancellationToken cancellation)
    {
        var row = await RunAsync("tiny", "{ hello }", plan, cancellation);
        return row.AtMost(TinyMax);
    }

    private static async Task<RowResult> RunAsync(
        string name, string query, BenchPlan plan, CancellationToken cancellation)
    {
        await using var servers = await ServerSet.StartAsync(ServerKind.All, plan, cancellation);
        EnsureSameAnswers(servers, query);
        foreach (var server in servers)
            await HttpLoad.WarmUpAsync(server, query, BenchPlan.WarmUpMax, cancellation);

        var results = servers.ToDictionary(server => server.Kind, _ => new List<LoadResult>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var server in servers)
            {
                results[server.Kind].Add(
                    await HttpLoad.RunAsync(server, query, plan.LeadIn, plan.Stretch, cancellation));
            }
        }

        return new($"{name}, us per request", results.ToDictionary(
            pair => pair.Key, pair => pair.Value.ConvertAll(result => result.ProcessorMicroseconds)))
        {
            Notes = [.. results.Select(pair => Note(pair.Key, pair.Value))],
        };
    }

    /// <summary>What is not the same work cannot be compared.</summary>
    private static void EnsureSameAnswers(ServerSet servers, string query)
    {
        JsonElement? expected = null;
        foreach (var server in servers)
        {
            using var connection = new HttpConnection(server.Address);
            var json = connection.Exchange(HttpConnection.Request(server.Address, query));
            var answer = JsonSerializer.Deserialize<JsonElement>(json);
            expected ??= answer;
            if (!answer.TryGetProperty("data", out _) || !JsonElement.DeepEquals(expected.Value, answer))
                throw new InvalidOperationException($"The server {server.Kind.Name} answers otherwise: {answer}");
        }
    }

    private static string Note(ServerKind server, List<LoadResult> results)
    {
        var rate = Figure.Of(results.Select(result => result.RequestsPerSecond));
        var half = Figure.Of(results.Select(result => result.Latency.P50));
        var tail = Figure.Of(results.Select(result => result.Latency.P99));
        var runs = string.Join(' ', results.Select(result =>
            result.ProcessorMicroseconds.ToString("F1", CultureInfo.InvariantCulture)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{server.Name,-10} {rate.Median,8:N0} requests/s, p50 {half.Median:F2} ms, p99 {tail.Median:F2} ms; " +
            $"runs {runs}");
    }
}
