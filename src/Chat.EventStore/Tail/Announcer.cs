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
    private Waiting waiting = new();
    private long? spokeAt;
    private Task? running;

    public void Appended(long first, long last)
    {
        lock (gate)
            waiting.Append(first, last);
        Wake();
    }

    public void Progressed(string shard, long epoch, long position)
    {
        lock (gate)
            waiting.Progress[shard] = new ProgressPayload(shard, epoch, position, options.NodeName).Format();
        Wake();
    }

    /// <summary>Asks the owners of a projection's shards to go on.</summary>
    public void Resume(string projection)
    {
        lock (gate)
            waiting.Resumed.Add(projection);
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
                try
                {
                    await AnnounceAsync(connection, backoff);
                }
                catch (Exception e)
                {
                    // Its settings are not for whoever would have it next.
                    NpgsqlSocket.Drop(connection, e);
                    throw;
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.LogWarning(e, "Announcing was interrupted");
                await backoff.DelayAsync(CancellationToken.None);
            }
        }
    }

    private async Task AnnounceAsync(NpgsqlConnection connection, Backoff backoff)
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
            if (IsNothingWaiting())
            {
                await next.WaitAsync(stopping.Token);
                continue;
            }

            // Who has been silent speaks at once.
            var silence = spokeAt is { } then ? options.Clock.GetElapsedTime(then) : TimeSpan.MaxValue;
            if (silence < options.AnnounceInterval)
                await Task.Delay(options.AnnounceInterval - silence, options.Clock, stopping.Token);
            spokeAt = options.Clock.GetTimestamp();
            var taken = Take();
            var told = taken.Told(options.ProgressChannel);
            channels.Value = told.ConvertAll(one => one.Channel);
            payloads.Value = told.ConvertAll(one => one.Payload);
            try
            {
                await command.ExecuteNonQueryAsync(stopping.Token);
            }
            catch
            {
                GiveBack(taken);
                throw;
            }

            backoff.Reset();
        }
    }

    private bool IsNothingWaiting()
    {
        lock (gate)
            return waiting.IsEmpty;
    }

    private Waiting Take()
    {
        lock (gate)
        {
            var taken = waiting;
            waiting = new();
            return taken;
        }
    }

    private void GiveBack(Waiting taken)
    {
        lock (gate)
            waiting.AddEarlier(taken);
    }

    /// <summary>What is to be told: of each shard the last progress, and all appends as one range.</summary>
    private sealed class Waiting
    {
        private (long First, long Last)? appended;

        public Dictionary<string, string> Progress { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Resumed { get; } = new(StringComparer.Ordinal);

        public bool IsEmpty => appended is null && Progress.Count == 0 && Resumed.Count == 0;

        public void Append(long first, long last) => appended = appended is { } known
            ? (Math.Min(known.First, first), Math.Max(known.Last, last))
            : (first, last);

        public void AddEarlier(Waiting earlier)
        {
            foreach (var (shard, payload) in earlier.Progress)
                Progress.TryAdd(shard, payload);
            Resumed.UnionWith(earlier.Resumed);
            if (earlier.appended is { } range)
                Append(range.First, range.Last);
        }

        public List<(string Channel, string Payload)> Told(string progressChannel)
        {
            var told = Progress.Values.Concat(Resumed).Select(payload => (progressChannel, payload)).ToList();
            if (appended is { } range)
                told.Add((MartenTables.AppendedChannel, $"{range.First}-{range.Last}"));
            return told;
        }
    }
}
