namespace Chat.GraphQL;

/// <summary>Where the lines of a text begin (specification 2.1.2: LF, CRLF and CR end a line).</summary>
internal sealed class LineStarts
{
    private readonly List<int> starts = [0];

    public LineStarts(string source)
    {
        for (var i = 0; i < source.Length; i++)
        {
            // Of CRLF the second character ends the line.
            var isFirstOfTwo = source[i] == '\r' && i + 1 < source.Length && source[i + 1] == '\n';
            if (source[i] is '\n' or '\r' && !isFirstOfTwo)
                starts.Add(i + 1);
        }
    }

    /// <summary>The line and column of a position in the text.</summary>
    public SourceLocation Of(int position)
    {
        var found = starts.BinarySearch(position);
        var line = found >= 0 ? found : ~found - 1;
        return new SourceLocation(line + 1, position - starts[line] + 1);
    }
}
