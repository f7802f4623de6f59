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
        Texts(row.Requirements),
        .. ServerKind.All.Select(server => row.FigureOf(server)?.ToString() ?? ""),
        row.RatioTo(ServerKind.Mercurius)?.ToString() ?? "",
        row.RatioTo(ServerKind.Floor)?.ToString() ?? "",
        row.IsMet ? "yes" : $"NO: {Texts(row.Requirements.Where(one => !one.IsMet))}",
    ];

    private static string Texts(IEnumerable<Requirement> requirements) =>
        string.Join(", ", requirements.Select(one => one.Text));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
