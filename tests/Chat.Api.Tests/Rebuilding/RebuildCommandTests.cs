using System.Text;
using Chat.Api.Hosting;
using Chat.Api.Rebuilding;
using Chat.EventStore;
using Chat.Projections;
using Spectre.Console;

namespace Chat.Api.Tests.Rebuilding;

public sealed class RebuildCommandTests(ChatServer server) : IClassFixture<ChatServer>, IDisposable
{
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_rebuilds_the_read_models_beside_the_running_server_and_says_how_far_it_is(bool isTerminal)
    {
        using var owner = await server.PersonAsync("Owner");
        var room = await owner.CreateRoomAsync();
        await owner.PayloadAsync("postMessage", new { roomId = room, text = "still here" }, "position");
        await server.CountAsync("with gone as (delete from chat_read.messages returning 1) select count(*) from gone");

        (await RunAsync(isTerminal, ReadModels.ProjectionName)).ShouldBe(0);

        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[^1].ShouldContain("ReadModels: rebuilt from");
        if (isTerminal)
            _output.ToString().ShouldContain("100%");
        else
            lines[0].ShouldContain("ReadModels: applying the log");
        (await server.CountAsync("select count(*) from chat_read.messages where text = 'still here'"))
            .ShouldBePositive();
        (await owner.PayloadAsync("postMessage", new { roomId = room, text = "after" }, "position"))
            .ToString().ShouldContain("position");
    }

    [Fact]
    public async Task A_name_that_there_is_not_is_answered_with_those_that_there_are()
    {
        (await RunAsync(isTerminal: false, "Rooms")).ShouldBe(RebuildCommand.Misused);

        _output.ToString().ShouldBe($"There is no projection Rooms; there is: ReadModels.{Environment.NewLine}");
    }

    [Fact]
    public async Task Without_a_database_it_fails_in_a_sentence()
    {
        var code = await RebuildCommand.RunAsync(
            Options("Host=127.0.0.1;Port=1;Username=nobody;Database=none"), [], Output(false), default);

        code.ShouldBe(RebuildCommand.Failed);
        _output.ToString().ShouldContain("127.0.0.1:1");
    }

    [Fact]
    public async Task An_interrupted_one_says_that_nothing_has_changed()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        var code = await RebuildCommand.RunAsync(
            Options(server.Settings["Chat:Database"]!), [], Output(false), stopped.Token);

        code.ShouldBe(RebuildCommand.Interrupted);
        _output.ToString().ShouldContain("is as it was");
    }

    [Fact]
    public void Lines_never_come_twice_within_a_second()
    {
        var clock = new StillClock();
        var written = new List<string>();
        var lines = new RebuildLines(written.Add, clock);
        for (var i = 0; i < 30; i++)
        {
            lines.Report(new(
                "P", RebuildPhase.Loading, i * 1000, 30_000, i * 900, 9000, default, TimeSpan.FromSeconds(3)));
            clock.Now += TimeSpan.FromMilliseconds(100);
        }

        written.Count.ShouldBe(3);
        written[1].ShouldBe("P: applying the log, 10,000 of 30,000 (33 %), 9,000 events/s, 3 s left");
    }

    private Task<int> RunAsync(bool isTerminal, params string[] names) => RebuildCommand.RunAsync(
        Options(server.Settings["Chat:Database"]!), names, Output(isTerminal), default);

    private static ChatOptions Options(string database) =>
        new() { Database = database, MasterKey = Convert.ToBase64String(new byte[32]) };

    private IAnsiConsole Output(bool isTerminal) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No,
        Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
        Out = new Terminal(_output, isTerminal),
    });

    private sealed class Terminal(TextWriter writer, bool isTerminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => 120;

        public int Height => 40;

        public void SetEncoding(Encoding encoding) => ArgumentNullException.ThrowIfNull(encoding);
    }

    private sealed class StillClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
