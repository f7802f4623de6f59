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
        string[] header = ["work", "measured", "beside", "ratio", "must reach", "met"];
        WriteTable(output, [header, .. rows.Select(Cells)]);
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

    private static void WriteTable(TextWriter output, IReadOnlyList<string[]> lines)
    {
        var widths = lines[0].Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        for (var i = 0; i < lines.Count; i++)
        {
            var cells = lines[i].Select((cell, column) => cell.PadRight(widths[column]));
            output.WriteLine($"| {string.Join(" | ", cells)} |");
            if (i == 0)
                output.WriteLine($"|{string.Join("|", widths.Select(width => new string('-', width + 2)))}|");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
