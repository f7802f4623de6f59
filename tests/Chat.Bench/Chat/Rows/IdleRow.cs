using System.Globalization;
using Chat.Bench.Chat.Servers;
using Chat.Bench.Store;

namespace Chat.Bench.Chat.Rows;

/// <summary>
/// Sockets to which nothing happens: memory of the server's process for each. The kernel's is not counted, nor what it
/// takes to register people and to let them join their rooms: that is done before. The row comes first: memory that a
/// server has had for something else before would be used again.
/// </summary>
internal static class IdleRow
{
    private const double KibibytesMax = 20;
    private const double Kibibyte = 1024;

    public static async Task<IReadOnlyList<RowResult>> RunAsync(BenchRun bench, CancellationToken cancellation)
    {
        var sockets = bench.Plan.IdleSockets;
        var memory = new Dictionary<ChatServer, List<double>>();
        foreach (var server in bench.Servers)
        {
            // What is needed once, for the first people, is not counted.
            using var first = await server.GatherAsync(
                ChatPlan.PeopleOfRoom, ChatPlan.PeopleOfRoom, cancellation);
            var connect = await server.InviteAsync(sockets, ChatPlan.PeopleOfRoom, cancellation);
            var before = await server.PrivateBytesAsync(cancellation);
            using var crowd = connect();
            var after = await server.PrivateBytesAsync(cancellation);
            crowd.EnsureConnected();
            memory.Add(server, [(after - before) / Kibibyte / sockets]);
        }

        var row = bench.Row(
            string.Create(CultureInfo.InvariantCulture, $"idle, {sockets:N0} sockets with a subscription"),
            "KiB each", memory, value => value);
        return
        [
            row with
            {
                Requirements = [Requirement.AtMost(KibibytesMax, "KiB", row.Measured.Median)],
                Notes = ["anonymous memory of the process (RssAnon), ours after garbage collections; measured once"],
            },
        ];
    }
}
