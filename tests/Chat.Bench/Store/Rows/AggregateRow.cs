using System.Diagnostics;
using System.Text.Json;
using Chat.Bench.Store.Append;
using Npgsql;

namespace Chat.Bench.Store.Rows;

/// <summary>Folding a long stream, beside a plain loop that reads its rows and turns them into objects.</summary>
internal static class AggregateRow
{
    private const int Events = 10_000;
    private const int Repetitions = 20;
    private const double MsMax = 15;

    /// <summary>The same columns as an event of the store has.</summary>
    private const string ReadStream =
        """
        SELECT seq_id, id, stream_id, version, type, data, timestamp, correlation_id, causation_id, headers
        FROM mt_events WHERE stream_id = $1 ORDER BY version
        """;

    public static async Task<RowResult> RunAsync(BenchSettings settings, CancellationToken cancellation)
    {
        await using var database = await BenchDatabase.CreateAsync(settings.Server, "aggregate", cancellation);
        await database.ResetAsync(new(1, Events, settings.Appends.Ids), cancellation);
        await using var store = database.OpenStore();
        var rounds = await Rounds<double>.RunAsync(
            settings.Rounds,
            () => MedianMsAsync(() => store.AggregateStreamAsync<long>(
                Workload.StreamId(0),
                (letters, one) => letters + ((MessagePosted)one.Data).Text.Length,
                cancellationToken: cancellation)),
            _ => MedianMsAsync(() => RawAsync(database, cancellation)));
        var measured = Figure.Of(rounds.First);
        return new($"AggregateStreamAsync over {Events} events", "ms", measured)
        {
            Beside = rounds.Compare("raw", milliseconds => milliseconds),
            Requirements = [Requirement.AtMost(MsMax, "ms", measured.Median)],
        };
    }

    private static async Task<double> MedianMsAsync(Func<Task<long>> fold)
    {
        var times = new double[Repetitions];
        for (var i = 0; i < Repetitions; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var letters = await fold();
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (letters == 0)
                throw new InvalidOperationException("Nothing was folded.");
        }

        return Figure.Of(times).Median;
    }

    private static async Task<long> RawAsync(BenchDatabase database, CancellationToken cancellation)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand(ReadStream, connection)
        {
            Parameters = { new() { Value = Workload.StreamId(0) } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var letters = 0L;
        while (await reader.ReadAsync(cancellation))
            letters += JsonSerializer.Deserialize<MessagePosted>(reader.GetFieldValue<byte[]>(5))!.Text.Length;
        return letters;
    }
}
