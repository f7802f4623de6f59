using Npgsql;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>Connections of all kinds are cut by the server while processes append, follow and project.</summary>
[Collection(ProofsCollection.Name)]
public sealed class TerminatedBackendsTests
{
    private const int Terminations = 60;
    /// <summary>What tells writers, listeners, announcers and owners of projections, and then anybody.</summary>
    private static readonly string[] Kinds =
    [
        "query LIKE '%append_events%'",
        "query LIKE 'LISTEN%'",
        "query LIKE '%pg_notify%'",
        "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND granted)",
        "true",
    ];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);

    [Fact]
    public async Task Terminated_backends_lose_and_double_nothing()
    {
        var seed = WorkloadRig.Seeds(1)[0];
        await using var database = await StoreDatabase.CloneAsync();
        await using var rig = await WorkloadRig.OpenAsync(database.DataSource, database.ConnectionString, seed);
        var processes = await rig.StartAsync(2, WorkloadRig.NewStreams(4));

        var terminated = await TerminateAsync(database.ConnectionString);
        foreach (var process in processes)
            await process.StopLoadAsync();
        database.DataSource.Clear();
        await rig.FinishAsync(processes);

        await rig.ShouldHoldAsync($"{terminated.Values.Sum()} terminated backends");
        foreach (var kind in Kinds)
            terminated.GetValueOrDefault(kind).ShouldBeGreaterThan(0, $"no backend was hit where {kind}");
    }

    /// <summary>How many backends of each kind were terminated.</summary>
    private static async Task<Dictionary<string, int>> TerminateAsync(string connectionString)
    {
        var terminated = new Dictionary<string, int>(StringComparer.Ordinal);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(StoreTest.Stop);
        for (var turn = 0; terminated.Values.Sum() < Terminations; turn++)
        {
            var kind = Kinds[turn % Kinds.Length];
            await using var command = new NpgsqlCommand(
                $"""
                SELECT pg_terminate_backend(one.pid) FROM (
                    SELECT pid FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name LIKE 'seed-%' AND {kind}
                    ORDER BY random() LIMIT 1) one
                """,
                connection);
            if (await command.ExecuteScalarAsync(StoreTest.Stop) is true)
                terminated[kind] = terminated.GetValueOrDefault(kind) + 1;
            await Task.Delay(Pause, StoreTest.Stop);
        }

        return terminated;
    }
}
