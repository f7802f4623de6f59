using Chat.Bench.Chat.Rows;
using Chat.Bench.Chat.Servers;
using Chat.Bench.Store;

namespace Chat.Bench.Chat;

/// <summary>What the rows measure with.</summary>
/// <param name="Plan">How much.</param>
/// <param name="Ours">Our server.</param>
/// <param name="Peer">The server to compare with, where it is to be.</param>
/// <param name="Database">The connection string of our server's database.</param>
/// <param name="MasterKey">Our server's, in base64.</param>
internal sealed record BenchRun(ChatPlan Plan, OurServer Ours, Ejabberd? Peer, string Database, string MasterKey)
{
    private FilledRoom? largeRoom;

    /// <summary>Ours first.</summary>
    public IEnumerable<ChatServer> Servers => Peer is null ? [Ours] : [Ours, Peer];

    /// <summary>The same for all rows: to fill it takes a while.</summary>
    public async Task<FilledRoom> LargeRoomAsync(CancellationToken cancellation) =>
        largeRoom ??= await FilledRoom.MakeAsync(this, Plan.LargeRoom, cancellation);

    /// <summary>A line of the table: one value of each run.</summary>
    public RowResult Row<T>(
        string work, string unit, IReadOnlyDictionary<ChatServer, List<T>> runs, Func<T, double> value)
    {
        var ours = runs[Ours].ConvertAll(run => value(run));
        return new(work, unit, Figure.Of(ours))
        {
            Beside = Peer is null ? null : Ceiling.Of(Peer.Name, ours, runs[Peer].ConvertAll(run => value(run))),
        };
    }

    /// <summary>What must be reached beside the peer; nothing where there is none.</summary>
    public IReadOnlyList<Requirement> OfPeer(RowResult row, Func<double, bool> isMet, string sign, double bound) =>
        row.Beside is { } beside
            ? [new(FormattableString.Invariant($"{sign} {bound:0.##} x {beside.Name}"), isMet(beside.Ratio.Median))]
            : [];
}
