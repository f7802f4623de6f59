namespace Chat.GraphQL;

/// <summary>The semantics of block strings (specification 2.9.4).</summary>
internal static class BlockString
{
    private const int LongestSingleLine = 70;
    private static readonly string[] LineEnds = ["\r\n", "\n", "\r"];

    /// <summary>Removes the common indentation, and blank lines at both ends.</summary>
    public static string Dedent(IReadOnlyList<string> lines)
    {
        var commonIndent = int.MaxValue;
        var first = -1;
        var last = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            var indent = LeadingWhiteSpace(lines[i]);
            if (indent == lines[i].Length)
                continue;
            if (first < 0)
                first = i;
            last = i;
            if (i != 0 && indent < commonIndent)
                commonIndent = indent;
        }

        if (first < 0)
            return "";
        return string.Join('\n', Enumerable.Range(first, last - first + 1)
            .Select(i => i == 0 ? lines[i] : lines[i].Length <= commonIndent ? "" : lines[i][commonIndent..]));
    }

    /// <summary>Whether a block string can express the value exactly.</summary>
    public static bool CanExpress(string value)
    {
        if (value.Length == 0)
            return true;
        var isEmptyLine = true;
        var hasIndent = false;
        var hasCommonIndent = true;
        var seenLine = false;
        foreach (var c in value)
        {
            switch (c)
            {
                case <= '\u0008' or '\u000b' or '\u000c' or '\u000d' or '\u000e' or '\u000f':
                    return false;
                case '\n' when isEmptyLine && !seenLine:
                    return false;
                case '\n':
                    seenLine = true;
                    isEmptyLine = true;
                    hasIndent = false;
                    break;
                case '\t' or ' ':
                    hasIndent |= isEmptyLine;
                    break;
                default:
                    hasCommonIndent &= hasIndent;
                    isEmptyLine = false;
                    break;
            }
        }

        return !isEmptyLine && !(hasCommonIndent && seenLine);
    }

    public static string Print(string value)
    {
        var escaped = value.Replace("\"\"\"", "\\\"\"\"", StringComparison.Ordinal);
        var lines = escaped.Split(LineEnds, StringSplitOptions.None);
        var isSingleLine = lines.Length == 1;
        var leadingNewLine = !isSingleLine && lines.Skip(1).All(line => line.Length == 0 || line[0] is (' ' or '\t'));
        var endsWithQuotes = escaped.EndsWith("\\\"\"\"", StringComparison.Ordinal);
        var trailingNewLine = (value.EndsWith('"') && !endsWithQuotes) || value.EndsWith('\\');
        var multipleLines = !isSingleLine || value.Length > LongestSingleLine || trailingNewLine || endsWithQuotes;
        var skipLeading = isSingleLine && value.Length > 0 && value[0] is (' ' or '\t');
        var open = (multipleLines && !skipLeading) || leadingNewLine ? "\"\"\"\n" : "\"\"\"";
        var close = multipleLines || trailingNewLine ? "\n\"\"\"" : "\"\"\"";
        return open + escaped + close;
    }

    private static int LeadingWhiteSpace(string line)
    {
        var i = 0;
        while (i < line.Length && line[i] is (' ' or '\t'))
            i++;
        return i;
    }
}
