using System.Text;

namespace Chat.GraphQL;

/// <summary>Turns a document into lexical tokens (specification 2.1). Comments and commas are skipped.</summary>
internal sealed class Lexer(string source)
{
    private const char EndOfText = '\0';
    private int position;

    public string Source { get; } = source;

    /// <summary>The token after the next one, without moving.</summary>
    public Token Peek()
    {
        var saved = position;
        var token = Next();
        position = saved;
        return token;
    }

    public Token Next()
    {
        SkipIgnored();
        if (position >= Source.Length)
            return new Token(TokenKind.EndOfFile, Source.Length, Source.Length);

        var token = Read(Source[position]);
        position = token.End;
        return token;
    }

    private Token Read(char first) => first switch
    {
        '!' => Punctuator(TokenKind.Bang),
        '$' => Punctuator(TokenKind.Dollar),
        '&' => Punctuator(TokenKind.Ampersand),
        '(' => Punctuator(TokenKind.ParenLeft),
        ')' => Punctuator(TokenKind.ParenRight),
        ':' => Punctuator(TokenKind.Colon),
        '=' => Punctuator(TokenKind.Equals),
        '@' => Punctuator(TokenKind.At),
        '[' => Punctuator(TokenKind.BracketLeft),
        ']' => Punctuator(TokenKind.BracketRight),
        '{' => Punctuator(TokenKind.BraceLeft),
        '|' => Punctuator(TokenKind.Pipe),
        '}' => Punctuator(TokenKind.BraceRight),
        '.' => ReadSpread(),
        '"' => IsBlockQuote(position) ? ReadBlockString() : ReadString(),
        '-' or (>= '0' and <= '9') => ReadNumber(),
        _ when IsNameStart(first) => ReadName(),
        '\'' => throw Error(
            position, "Unexpected single quote character ('), did you mean to use a double quote (\")?"),
        _ when IsScalarAt(position) => throw Error(position, $"Unexpected character: {CodePointAt(position)}."),
        _ => throw Error(position, $"Invalid character: {CodePointAt(position)}."),
    };

    private void SkipIgnored()
    {
        while (position < Source.Length)
        {
            switch (Source[position])
            {
                case '\uFEFF' or '\t' or ' ' or ',' or '\n' or '\r':
                    position++;
                    break;
                case '#':
                    SkipComment();
                    break;
                default:
                    return;
            }
        }
    }

    private void SkipComment()
    {
        position++;
        while (position < Source.Length && Source[position] is not ('\n' or '\r') && IsScalarAt(position))
            position += char.IsHighSurrogate(Source[position]) ? 2 : 1;
    }

    private Token Punctuator(TokenKind kind) => new(kind, position, position + 1);

    private Token ReadSpread()
    {
        if (At(position + 1) == '.' && At(position + 2) == '.')
            return new Token(TokenKind.Spread, position, position + 3);
        if (At(position + 1) == '.')
            throw Error(position, "Unexpected \"..\", did you mean \"...\"?");
        if (!char.IsAsciiDigit(At(position + 1)))
            throw Error(position, "Unexpected character: \".\".");
        var digits = Source[(position + 1)..SkipDigits(position + 1)];
        throw Error(position, $"Invalid number, expected digit before \".\", did you mean \"0.{digits}\"?");
    }

    private Token ReadName()
    {
        var end = position + 1;
        while (end < Source.Length && (IsNameStart(Source[end]) || char.IsAsciiDigit(Source[end])))
            end++;
        return new Token(TokenKind.Name, position, end, Source[position..end]);
    }

    private Token ReadNumber()
    {
        var end = position;
        var isFloat = false;
        if (At(end) == '-')
            end++;
        if (At(end) == '0')
        {
            end++;
            if (char.IsAsciiDigit(At(end)))
                throw Error(end, $"Invalid number, unexpected digit after 0: {CodePointAt(end)}.");
        }
        else
        {
            end = SkipDigits(end);
        }

        if (At(end) == '.')
        {
            isFloat = true;
            end = SkipDigits(end + 1);
        }

        if (At(end) is 'e' or 'E')
        {
            isFloat = true;
            end++;
            if (At(end) is '+' or '-')
                end++;
            end = SkipDigits(end);
        }

        if (At(end) == '.' || IsNameStart(At(end)))
            throw Error(end, $"Invalid number, expected digit but got: {CodePointAt(end)}.");
        return new Token(isFloat ? TokenKind.Float : TokenKind.Int, position, end, Source[position..end]);
    }

    private int SkipDigits(int at)
    {
        if (!char.IsAsciiDigit(At(at)))
            throw Error(at, $"Invalid number, expected digit but got: {CodePointAt(at)}.");
        while (char.IsAsciiDigit(At(at)))
            at++;
        return at;
    }

    private Token ReadString()
    {
        var start = position;
        var at = start + 1;
        var chunk = at;
        StringBuilder? unescaped = null;
        while (at < Source.Length && Source[at] is not ('\n' or '\r'))
        {
            var c = Source[at];
            if (c == '"')
            {
                var value = unescaped is null
                    ? Source[chunk..at]
                    : unescaped.Append(Source, chunk, at - chunk).ToString();
                return new Token(TokenKind.String, start, at + 1, value);
            }

            if (c == '\\')
            {
                unescaped ??= new StringBuilder();
                unescaped.Append(Source, chunk, at - chunk);
                at += ReadEscape(at, unescaped);
                chunk = at;
                continue;
            }

            at += ScalarLength(at);
        }

        throw Error(at, "Unterminated string.");
    }

    /// <summary>Reads an escape sequence (specification 2.9.4) and returns its length.</summary>
    private int ReadEscape(int at, StringBuilder into)
    {
        if (At(at + 1) == 'u')
            return At(at + 2) == '{' ? ReadVariableWidthEscape(at, into) : ReadFixedWidthEscape(at, into);

        var character = At(at + 1) switch
        {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => throw Error(at, $"Invalid character escape sequence: \"{Slice(at, 2)}\"."),
        };
        into.Append(character);
        return 2;
    }

    private int ReadVariableWidthEscape(int at, StringBuilder into)
    {
        const int longest = 12;
        var point = 0;
        var length = 3;
        while (length < longest)
        {
            var c = At(at + length++);
            if (c == '}')
            {
                if (length < 5 || !Rune.IsValid(point))
                    break;
                into.Append(new Rune(point).ToString());
                return length;
            }

            point = (point << 4) | HexDigit(c);
            if (point < 0)
                break;
        }

        throw Error(at, $"Invalid Unicode escape sequence: \"{Slice(at, length)}\".");
    }

    private int ReadFixedWidthEscape(int at, StringBuilder into)
    {
        var code = HexCode(at + 2);
        if (Rune.IsValid(code))
        {
            into.Append((char)code);
            return 6;
        }

        // A pair of escapes may encode one supplementary character in UTF-16.
        if (code is >= 0xD800 and <= 0xDBFF && At(at + 6) == '\\' && At(at + 7) == 'u')
        {
            var trailing = HexCode(at + 8);
            if (trailing is >= 0xDC00 and <= 0xDFFF)
            {
                into.Append((char)code).Append((char)trailing);
                return 12;
            }
        }

        throw Error(at, $"Invalid Unicode escape sequence: \"{Slice(at, 6)}\".");
    }

    private int HexCode(int at) =>
        (HexDigit(At(at)) << 12) | (HexDigit(At(at + 1)) << 8) | (HexDigit(At(at + 2)) << 4) | HexDigit(At(at + 3));

    private static int HexDigit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'A' and <= 'F' => c - 'A' + 10,
        >= 'a' and <= 'f' => c - 'a' + 10,
        _ => -1,
    };

    private Token ReadBlockString()
    {
        var start = position;
        var at = start + 3;
        var line = new StringBuilder();
        var chunk = at;
        List<string> lines = [];
        while (at < Source.Length)
        {
            if (IsBlockQuote(at))
            {
                lines.Add(line.Append(Source, chunk, at - chunk).ToString());
                return new Token(TokenKind.BlockString, start, at + 3, BlockString.Dedent(lines));
            }

            if (Source[at] == '\\' && IsBlockQuote(at + 1))
            {
                line.Append(Source, chunk, at - chunk);
                chunk = at + 1;
                at += 4;
            }
            else if (Source[at] is '\n' or '\r')
            {
                lines.Add(line.Append(Source, chunk, at - chunk).ToString());
                line.Clear();
                at += Source[at] == '\r' && At(at + 1) == '\n' ? 2 : 1;
                chunk = at;
            }
            else
            {
                at += ScalarLength(at);
            }
        }

        throw Error(at, "Unterminated string.");
    }

    private bool IsBlockQuote(int at) => At(at) == '"' && At(at + 1) == '"' && At(at + 2) == '"';

    private int ScalarLength(int at)
    {
        if (!char.IsSurrogate(Source[at]))
            return 1;
        return IsScalarAt(at) ? 2 : throw Error(at, $"Invalid character within String: {CodePointAt(at)}.");
    }

    /// <summary>Whether a Unicode scalar value begins here; lone surrogates are none (specification 2.1.1).</summary>
    private bool IsScalarAt(int at) =>
        !char.IsSurrogate(Source[at]) || (char.IsHighSurrogate(Source[at]) && char.IsLowSurrogate(At(at + 1)));

    private char At(int at) => at < Source.Length ? Source[at] : EndOfText;

    private string Slice(int at, int length) => Source.Substring(at, Math.Min(length, Source.Length - at));

    private string CodePointAt(int at)
    {
        if (at >= Source.Length)
            return "<EOF>";
        var c = Source[at];
        if (c is >= ' ' and <= '~')
            return c == '"' ? "'\"'" : $"\"{c}\"";
        var code = IsScalarAt(at) ? Rune.GetRuneAt(Source, at).Value : c;
        return "U+" + code.ToString("X4", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private GraphQLSyntaxException Error(int at, string message) =>
        new(Source, at, message, ErrorCodes.ParseFailed);
}
