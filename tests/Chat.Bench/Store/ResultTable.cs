using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime;

namespace Chat.Bench.Store;

/// <summary>The results as a Markdown table, with notes below.</summary>
internal static class ResultTable
{
    public static void Print(
        TextWriter output, IReadOnlyList<RowResult> rows, BenchSettings settings, string postgresVersion)
    {
        output.WriteLine();
        output.WriteLine(Text(
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version},"));
        output.WriteLine(Text($"PostgreSQL {postgresVersion} with fsync, everything on this machine;"));
        var collector = GCSettings.IsServerGC ? "server" : "workstation";
        output.WriteLine($"{collector} garbage collection, event ids: {settings.Appends.Ids};");
        output.WriteLine(Text($"median (least to greatest) of {settings.Rounds} runs that take turns."));
        output.WriteLine();
        Write(output, rows);
    }

    /// <summary>The table and the notes, without what all rows have in common.</summary>
    public static void Write(TextWriter output, IReadOnlyList<RowResult> rows)
    {
        string[] header = ["work", "measured", "beside", "ratio", "must reach", "met"];
        MarkdownTable.Write(output, [header, .. rows.Select(Cells)]);
        foreach (var row in rows.Where(row => row.Notes.Count > 0))
        {
            output.WriteLine();
            output.WriteLine(row.Work);
            foreach (var note in row.Notes)
                output.WriteLine($"  {note}");
        }
    }

    private static string[] Cells(RowResult row) =>
    [
        row.Work,
        $"{row.Measured} {row.Unit}",
        row.Beside is { } beside ? $"{beside.Name} {beside.Figure}" : "",
        row.Beside is { Ratio: var ratio } ? ratio.ToString() : "",
        Texts(row.Requirements),
        row.IsMet ? "yes" : $"NO: {Texts(row.Requirements.Where(one => !one.IsMet))}",
    ];

    private static string Texts(IEnumerable<Requirement> requirements) =>
        string.Join(", ", requirements.Select(one => one.Text));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
