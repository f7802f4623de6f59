using System.Diagnostics;

namespace Chat.EventStore.Tests;

/// <summary>Counts the queries that read the stored progress, by the traces of the database driver.</summary>
public sealed class CountingReads(string database)
{
    private int reads;

    public int Reads => Volatile.Read(ref reads);

    public IDisposable Count()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                var sql = (activity.GetTagItem("db.statement") ?? activity.GetTagItem("db.query.text")) as string;
                var where = (activity.GetTagItem("db.namespace") ?? activity.GetTagItem("db.name")) as string;
                if (where == database && sql?.Contains("AS kept", StringComparison.Ordinal) == true)
                    Interlocked.Increment(ref reads);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
