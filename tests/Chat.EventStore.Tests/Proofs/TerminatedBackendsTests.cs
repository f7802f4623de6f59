using Npgsql;

namespace Chat.EventStore.Tests.Proofs;

/// <summary>Connections of all kinds are cut by the server while processes append, follow and project.</summary>
[Collection(ProofsCollection.Name)]
public sealed class TerminatedBackendsTests
{
    private const int Terminations = 60;
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
        foreach (var process in new[] { "append_events", "LISTEN", "pg_notify" })
            terminated.Keys.ShouldContain(query => query.Contains(process), $"none that ran {process} was hit");
    }

    /// <summary>The last queries of the backends that were terminated, and how often each.</summary>
    private static async Task<Dictionary<string, int>> TerminateAsync(string connectionString)
    {
        var terminated = new Dictionary<string, int>(StringComparer.Ordinal);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(StoreTest.Stop);
        await using var command = new NpgsqlCommand(
            """
            SELECT one.query FROM (
                SELECT pid, query FROM pg_stat_activity
                WHERE datname = current_database() AND application_name LIKE 'seed-%'
                ORDER BY random() LIMIT 1) one
            WHERE pg_terminate_backend(one.pid)
            """,
            connection);
        while (terminated.Values.Sum() < Terminations)
        {
            if (await command.ExecuteScalarAsync(StoreTest.Stop) is string query)
                terminated[query] = terminated.GetValueOrDefault(query) + 1;
            await Task.Delay(Pause, StoreTest.Stop);
        }

        return terminated;
    }
}
