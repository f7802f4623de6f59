using System.Globalization;
using System.Net.Sockets;
using Chat.GraphQL.Tests.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Fuzz;

/// <summary>
/// Sockets that send anything in any order, and leave in any way: nothing is thrown that nobody expected, nothing
/// hangs, and nothing of them is left. CHAT_FUZZ_SECONDS sets how long, CHAT_FUZZ_SEED repeats a run.
/// </summary>
public sealed class SocketFuzzTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const int StepsMax = 40;
    private const int DefaultSeconds = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_server_survives_whatever_clients_do()
    {
        var seed = Setting("CHAT_FUZZ_SEED") ?? Random.Shared.Next();
        var seconds = Setting("CHAT_FUZZ_SECONDS") ?? DefaultSeconds;
        output.WriteLine($"CHAT_FUZZ_SEED={seed}");
        await using var server = await RawSocketTests.StartTopicsAsync(options =>
        {
            options.SocketInitTimeout = TimeSpan.FromMilliseconds(300);
            options.SocketSendTimeout = TimeSpan.FromSeconds(1);
            options.SocketPingInterval = TimeSpan.FromMilliseconds(300);
            options.MaxSocketMessageBytes = 16 * 1024;
            options.MaxOperationsPerSocket = 5;
            options.TopicBufferCapacity = 8;
        });
        var topics = server.Services.GetRequiredService<InMemoryTopics>();
        using var ending = new CancellationTokenSource();
        var publishing = PublishAsync(topics, ending.Token);
        ending.CancelAfter(TimeSpan.FromSeconds(seconds));
        var visits = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(
            () => VisitAsync(server, new Random(unchecked(seed + client)), ending.Token))));
        await publishing;
        output.WriteLine($"{visits.Sum()} sockets in {seconds} s");

        using (var socket = await server.ConnectAsync().WaitAsync(Patience, Cancel.Test))
        {
            await socket.InitAsync();
            await socket.SubscribeAsync("1", "{ one }");
            (await socket.ReceiveAsync()).GetRawText().ShouldContain("\"one\":1", customMessage: $"seed {seed}");
        }

        await Eventually.HoldsAsync(() => topics.Count == 0, $"no subscription is left; seed {seed}");
        var groups = server.Services.GetRequiredService<GraphQLExecutor>().Groups;
        groups.Count.ShouldBe(0, $"seed {seed}");
        groups.Responses.Count.ShouldBe(0, $"seed {seed}");
        await server.StopAsync().WaitAsync(Patience, Cancel.Test);
        server.Services.GetRequiredService<RecordedLog>().Entries
            .Select(entry => $"{entry.Text} {entry.Exception}").ShouldBeEmpty($"seed {seed}");
    }

    private static async Task PublishAsync(InMemoryTopics topics, CancellationToken ending)
    {
        for (var i = 0; !ending.IsCancellationRequested; i++)
        {
            await topics.SendAsync("ticks", $"tick {i}", ending);
            await Task.Delay(1, CancellationToken.None);
        }
    }

    /// <summary>Opens one socket after the other; how many.</summary>
    private static async Task<int> VisitAsync(TestServer server, Random random, CancellationToken ending)
    {
        var script = new SocketScript(random);
        var visits = 0;
        for (; !ending.IsCancellationRequested; visits++)
        {
            try
            {
                using var socket = await RawSocket.ConnectAsync(server.Address);
                // Most begin as they should; whatever they send after that gets further than when they do not.
                if (random.Next(10) > 0)
                    await socket.SendTextAsync(SocketScript.Init);
                var steps = random.Next(1, StepsMax);
                for (var step = 0; step < steps; step++)
                    await socket.SendBytesAsync(script.Next());
                await LeaveAsync(socket, random);
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // The server has closed: it may, also on one that takes too long to say a first word.
            }
        }

        return visits;
    }

    private static async Task LeaveAsync(RawSocket socket, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                socket.Reset();
                break;
            case 1:
                socket.EndSending();
                await socket.ReadCloseAsync();
                break;
            case 2:
                await socket.SendFrameAsync(RawSocket.Close, new byte[] { 0x03, 0xE8 });
                await socket.ReadCloseAsync();
                break;
            case 3:
                for (var i = random.Next(50); i > 0 && await socket.ReadFrameAsync() is not null; i--)
                {
                }

                break;
            default:
                break;
        }
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
