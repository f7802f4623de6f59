using System.Diagnostics;
using System.Globalization;
using Chat.Bench.Chat.Clients;
using Chat.Bench.Chat.Servers;
using Chat.Bench.GraphQL.Http;
using Chat.Bench.Store;
using Npgsql;

namespace Chat.Bench.Chat.Rows;

/// <summary>A room of very many messages: it opens as fast as a small one, and whoever was away catches up.</summary>
internal static class RoomRows
{
    private const int SmallRoom = 100;
    private const double OpeningRatioMax = 1.3;
    private const double CatchUpMin = 50_000;
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromMinutes(1);

    /// <summary>The query of an opening client; one after the other, by turns.</summary>
    public static async Task<IReadOnlyList<RowResult>> OpenAsync(BenchRun bench, CancellationToken cancellation)
    {
        var large = await bench.LargeRoomAsync(cancellation);
        var small = await FilledRoom.MakeAsync(bench, SmallRoom, cancellation);
        await VacuumAsync(bench, cancellation);
        using var connection = new HttpConnection(bench.Ours.Address);
        var requests = (Large: large.OpeningRequest(bench.Ours), Small: small.OpeningRequest(bench.Ours));
        var (ofLarge, ofSmall) = (new List<Percentiles>(), new List<Percentiles>());
        for (var round = 0; round <= bench.Plan.Rounds; round++)
        {
            var (timesOfLarge, timesOfSmall) = (new List<long>(), new List<long>());
            for (var i = 0; i < bench.Plan.Openings; i++)
            {
                timesOfLarge.Add(Time(connection, requests.Large));
                timesOfSmall.Add(Time(connection, requests.Small));
            }

            // The first round compiles the code.
            if (round == 0)
                continue;
            ofLarge.Add(Percentiles.Of(timesOfLarge));
            ofSmall.Add(Percentiles.Of(timesOfSmall));
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"open-room, {bench.Plan.LargeRoom:N0} messages: p99");
        var measured = ofLarge.ConvertAll(one => one.P99);
        var ceiling = Ceiling.Of($"room of {SmallRoom}", measured, ofSmall.ConvertAll(one => one.P99));
        var halves = (Figure.Of(ofLarge.Select(one => one.P50)), Figure.Of(ofSmall.Select(one => one.P50)));
        return
        [
            new(name, "ms", Figure.Of(measured))
            {
                Beside = ceiling,
                Requirements = [Requirement.AtMost(OpeningRatioMax, "ratio", ceiling.Ratio.Median)],
                Notes = [$"p50 {halves.Item1} ms, of the small room {halves.Item2} ms; one request at a time"],
            },
        ];
    }

    /// <summary>Everything from the beginning, on one socket.</summary>
    public static async Task<IReadOnlyList<RowResult>> CatchUpAsync(BenchRun bench, CancellationToken cancellation)
    {
        var large = await bench.LargeRoomAsync(cancellation);
        await VacuumAsync(bench, cancellation);
        return [CatchUp(bench, large)];
    }

    /// <summary>As autovacuum would have left it.</summary>
    private static async Task VacuumAsync(BenchRun bench, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(bench.Database);
        await using var vacuum = source.CreateCommand("VACUUM ANALYZE");
        vacuum.CommandTimeout = 0;
        await vacuum.ExecuteNonQueryAsync(cancellation);
    }

    private static RowResult CatchUp(BenchRun bench, FilledRoom large)
    {
        var rates = new List<double>();
        var (times, messages, isComplete) = (default(ProcessorTimes), 0, true);
        // Who does not come to the end will not do so the next time either.
        for (var round = 0; round < bench.Plan.Rounds && isComplete; round++)
        {
            var begin = (At: Stopwatch.GetTimestamp(), Times: bench.Ours.ProcessorTimes);
            using var socket = LogSocket.Open(bench.Ours.Address, large.Member.Token);
            isComplete &= socket.ReceiveMessages(bench.Plan.LargeRoom, CatchUpMax) && socket.IsOrdered;
            rates.Add(socket.Messages / Stopwatch.GetElapsedTime(begin.At).TotalSeconds);
            (times, messages) = (bench.Ours.ProcessorTimes - begin.Times, socket.Messages);
        }

        string Cost(TimeSpan time) =>
            (time.TotalMicroseconds / messages).ToString("F1", CultureInfo.InvariantCulture);
        var measured = Figure.Of(rates);
        return new(
            string.Create(CultureInfo.InvariantCulture, $"catch-up, events(after: 0) of {bench.Plan.LargeRoom:N0}"),
            "events/s", measured)
        {
            Requirements =
            [
                Requirement.AtLeast(CatchUpMin, "events/s", measured),
                new("all, in order", isComplete),
            ],
            Notes =
            [
                $"of an event: server {Cost(times.Server)}, PostgreSQL {Cost(times.Postgres)}, "
                + $"client {Cost(times.Client)} us",
                FormattableString.Invariant($"the room was filled in {large.Filling.TotalSeconds:F0} s"),
            ],
        };
    }

    private static long Time(HttpConnection connection, byte[] request)
    {
        var begin = Stopwatch.GetTimestamp();
        connection.Exchange(request);
        return Stopwatch.GetTimestamp() - begin;
    }
}
