using System.Globalization;
using Chat.Bench.Chat.Servers;
using Chat.Bench.Store;

namespace Chat.Bench.Chat.Rows;

/// <summary>
/// Sockets to which nothing happens: memory of the server's process for each. The kernel's is not counted, nor what it
/// takes to register people, and in our server to join rooms: that is done before, and memory that it needed and that
/// the collections before the measuring did not give back is used again. ejabberd's rooms are made by who enters them.
/// The row comes first, so that nothing else was done before.
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
