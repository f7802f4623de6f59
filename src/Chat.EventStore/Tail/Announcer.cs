using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Chat.EventStore;

/// <summary>
/// Tells other processes of commits, on a connection of its own: a NOTIFY inside the append's transaction would halve
/// the append rate. What happens while a NOTIFY is on its way is told together by the next one.
/// </summary>
internal sealed class Announcer(NpgsqlDataSource dataSource, EventStoreOptions options, ILogger logger)
    : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Broadcast changed = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, string> progress = new(StringComparer.Ordinal);
    private readonly HashSet<string> resumed = new(StringComparer.Ordinal);
    private (long First, long Last)? appended;
    private Task? running;

    public void Appended(long first, long last)
    {
        lock (gate)
            appended = appended is { } waiting
                ? (Math.Min(waiting.First, first), Math.Max(waiting.Last, last))
                : (first, last);
        Wake();
    }

    public void Progressed(string shard, long epoch, long position)
    {
        lock (gate)
            progress[shard] = new ProgressPayload(shard, epoch, position, options.NodeName).Format();
        Wake();
    }

    /// <summary>Asks the owners of a projection's shards to go on.</summary>
    public void Resume(string projection)
    {
        lock (gate)
            resumed.Add(projection);
        Wake();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (running is not null)
            await running;
    }

    private void Wake()
    {
        if (running is null)
        {
            lock (gate)
                running ??= BackgroundLoop.Run(RunAsync);
        }

        changed.Raise();
    }

    private async Task RunAsync()
    {
        var backoff = new Backoff(options.ReconnectDelayMin, options.ReconnectDelayMax, options.Clock);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await dataSource.OpenConnectionAsync(stopping.Token);
                backoff.Reset();
                await AnnounceAsync(connection);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // What was on its way is lost; other processes find it by their slow poll.
                logger.LogWarning(e, "Announcing was interrupted");
                await backoff.DelayAsync(CancellationToken.None);
            }
        }
    }

    private async Task AnnounceAsync(NpgsqlConnection connection)
    {
        // A NOTIFY is a commit, but what it tells is in the log already: it need not wait for the disk, still less for
        // the standbys.
        await using (var careless = new NpgsqlCommand("SET synchronous_commit = off", connection))
            await careless.ExecuteNonQueryAsync(stopping.Token);
        await using var command = new NpgsqlCommand(
            "SELECT pg_notify(told.channel, told.payload) FROM unnest($1, $2) AS told (channel, payload)", connection);
        var channels =
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = DBNull.Value };
        var payloads =
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = DBNull.Value };
        command.Parameters.Add(channels);
        command.Parameters.Add(payloads);
        await command.PrepareAsync(stopping.Token);
        while (true)
        {
            var next = changed.Next;
            var waiting = Take();
            if (waiting.Count == 0)
            {
                await next.WaitAsync(stopping.Token);
                continue;
            }

            channels.Value = waiting.ConvertAll(told => told.Channel);
            payloads.Value = waiting.ConvertAll(told => told.Payload);
            await command.ExecuteNonQueryAsync(stopping.Token);
            await Task.Delay(options.AnnounceInterval, options.Clock, stopping.Token);
        }
    }

    private List<(string Channel, string Payload)> Take()
    {
        lock (gate)
        {
            var waiting = progress.Values.Concat(resumed)
                .Select(payload => (options.ProgressChannel, payload)).ToList();
            if (appended is { } range)
                waiting.Add((MartenTables.AppendedChannel, $"{range.First}-{range.Last}"));
            appended = null;
            progress.Clear();
            resumed.Clear();
            return waiting;
        }
    }
}
