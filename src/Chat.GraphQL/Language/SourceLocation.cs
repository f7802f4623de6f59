namespace Chat.GraphQL;

/// <summary>A place in a document; both numbers begin with 1, columns count UTF-16 code units.</summary>
public readonly record struct SourceLocation(int Line, int Column)
{
    /// <summary>
    /// The line and column of a position in a text (specification 2.1.2: LF, CRLF and CR end a line).
    /// </summary>
    internal static SourceLocation Of(string source, int position)
    {
        var line = 1;
        var lineStart = 0;
        for (var i = 0; i < position && i < source.Length; i++)
        {
            // Of CRLF the second character ends the line.
            var isFirstOfTwo = source[i] == '\r' && i + 1 < source.Length && source[i + 1] == '\n';
            if (source[i] is not ('\n' or '\r') || isFirstOfTwo)
                continue;
            line++;
            lineStart = i + 1;
        }

        return new SourceLocation(line, position - lineStart + 1);
    }
}
