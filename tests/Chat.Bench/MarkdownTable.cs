namespace Chat.Bench;

/// <summary>A table that can be read as it is and pasted into a document.</summary>
internal static class MarkdownTable
{
    /// <summary>Writes lines of equal length, the first of which is the header.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string[]> lines)
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
}
