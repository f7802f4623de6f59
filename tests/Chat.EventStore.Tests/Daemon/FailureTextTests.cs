using System.Globalization;
using Npgsql;

namespace Chat.EventStore.Tests;

/// <summary>What is kept of the error of an event that cannot be applied.</summary>
public sealed class FailureTextTests(StoreDatabase database) : DaemonTest(database)
{
    [Fact]
    public async Task Messages_that_may_quote_personal_data_are_kept_nowhere()
    {
        await MakeTableAsync();
        const string name = "Ada Lovelace";
        var who = Guid.NewGuid();
        var change = new NewEvent(Guid.NewGuid(), new ProfileChanged(who, name, "ada@example.org", Mood.Calm));
        await Store.AppendAsync(new Append { StreamId = who, StreamType = "user", Events = [change] }, Stop);
        var log = new HeardLines<ProjectionDaemon>();
        await using var running = new RunningDaemon(new(
            Store,
            DataSource,
            [
                new RecordingProjection("Skips")
                {
                    OnFailure = FailurePolicy.Skip,
                    BeforeApply = page => DateOnly.Parse(
                        ((ProfileChanged)page[0].Data).DisplayName!, CultureInfo.InvariantCulture),
                },
                new RecordingProjection("Pauses")
                {
                    BeforeCommit = async (connection, page) =>
                    {
                        await using var command = new NpgsqlCommand("SELECT $1::text::int", connection);
                        command.Parameters.Add(new() { Value = ((ProfileChanged)page[0].Data).DisplayName! });
                        await command.ExecuteNonQueryAsync(Stop);
                    },
                },
                new RecordingProjection("Tears")
                {
                    BeforeCommit = (connection, page) =>
                    {
                        var reason = new InvalidOperationException(((ProfileChanged)page[0].Data).DisplayName);
                        NpgsqlSocket.Drop(connection, reason);
                        throw reason;
                    },
                },
            ],
            new() { RetriesMax = 1, RetryDelayMin = TimeSpan.FromMilliseconds(20) },
            log));
        await running.Daemon.WaitForAsync("Skips", 1, Patience, Stop);
        await EventuallyAsync(() => running.Daemon.Status("Pauses").State == ShardState.Paused);
        await EventuallyAsync(() => running.Daemon.Status("Tears").State == ShardState.Paused);

        string[] kept =
        [
            await ScalarAsync<string>("SELECT string_agg(l::text, ' ') FROM chat_store.dead_letters l"),
            await ScalarAsync<string>("SELECT string_agg(s::text, ' ') FROM chat_store.projection_shards s"),
            .. running.Daemon.Statuses().Select(one => $"{one.LastError} {one.Shards[0].Failing}"),
            .. log.Lines,
        ];
        kept.ShouldAllBe(one => !one.Contains("Lovelace", StringComparison.Ordinal));
        kept[0].ShouldContain("FormatException");
        running.Daemon.Status("Pauses").LastError.ShouldBe(
            "PostgresException 22P02 (its message is not kept: profile_changed holds personal data)");
        kept.ShouldContain(one => one.Contains(nameof(DateOnly.Parse), StringComparison.Ordinal), "where it failed");
    }

    [Fact]
    public void Errors_are_kept_bounded_and_storable()
    {
        FailingEvent.TextOf(new InvalidOperationException(new string('x', 5000))).Length
            .ShouldBe(ProjectionOptions.ErrorTextMax);
        FailingEvent.TextOf(new InvalidOperationException("a\0b\ud800c")).ShouldBe("a\ufffdb\ufffdc");
    }
}
