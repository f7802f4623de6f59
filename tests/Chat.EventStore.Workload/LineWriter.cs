using System.Text;

namespace Chat.EventStore.Workload;

/// <summary>
/// Writes each line with one call to the operating system: what was written survives the death of this process.
/// </summary>
internal sealed class LineWriter(Stream output)
{
    private readonly Lock gate = new();

    public void Write(WorkloadLine line)
    {
        var bytes = Encoding.UTF8.GetBytes($"{line}\n");
        lock (gate)
        {
            output.Write(bytes);
            output.Flush();
        }
    }
}
