using System.Globalization;
using System.Runtime.InteropServices;
using Chat.Bench.Store;

namespace Chat.Bench.GraphQL;

/// <summary>The results as a Markdown table, with notes below.</summary>
internal static class ResultTable
{
    public static void Print(TextWriter output, IReadOnlyList<RowResult> rows, BenchPlan plan)
    {
        output.WriteLine();
        output.WriteLine(Text(
            $"{RuntimeInformation.OSDescription}, .NET {Environment.Version}; the server on one core, the load on"));
        output.WriteLine(Text(
            $"another, {BenchPlan.Connections} connections; processor time of the server's process; median (least to"));
        output.WriteLine(Text($"greatest) of {plan.Rounds} runs that take turns."));
        output.WriteLine();
        string[] header =
        [
            "work", "must reach", .. ServerKind.All.Select(server => server.Name),
            $"of {ServerKind.Mercurius.Name}", $"of {ServerKind.Floor.Name}", "met",
        ];
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
        Texts(row.Requirements),
        .. ServerKind.All.Select(server => row.FigureOf(server)?.ToString() ?? ""),
        row.RatioTo(ServerKind.Mercurius)?.ToString() ?? "",
        row.RatioTo(ServerKind.Floor)?.ToString() ?? "",
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
