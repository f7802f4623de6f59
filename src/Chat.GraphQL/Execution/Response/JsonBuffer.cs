using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Chat.GraphQL;

/// <summary>
/// Writes JSON as UTF-8 into a pooled array. The writer can be set back to an earlier position: that is how a null
/// bubbles up (specification 6.4.4), and why Utf8JsonWriter does not fit.
/// </summary>
internal sealed class JsonBuffer : IDisposable
{
    private const int InitialSize = 4 * 1024;

    /// <summary>The pool keeps arrays for each thread: those of rare large responses would stay for ever.</summary>
    private const int LargestPooled = 1024 * 1024;
    private const int LongestNumber = 32;
    private const int LongestEscape = 6;

    /// <summary>Bytes of UTF-8 for one unit of UTF-16.</summary>
    private const int LongestCharacter = 3;

    /// <summary>What must be escaped in a JSON string (RFC 8259, section 7).</summary>
    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

    private byte[] bytes = ArrayPool<byte>.Shared.Rent(InitialSize);

    public int Position { get; private set; }

    /// <summary>Bytes that may be written; more is refused, at the latest when the array would have to grow.</summary>
    public int MaxPosition { get; set; } = int.MaxValue;

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Position);

    public void Dispose()
    {
        Return();
        bytes = [];
        Position = 0;
    }

    /// <summary>Forgets everything written after the position.</summary>
    public void Truncate(int position) => Position = position;

    public void Byte(byte value)
    {
        Reserve(1)[0] = value;
        Position++;
    }

    public void Raw(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(utf8.Length));
        Position += utf8.Length;
    }

    public void Null() => Raw("null"u8);

    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    public void Number(int value)
    {
        Utf8Formatter.TryFormat(value, Reserve(LongestNumber), out var written);
        Position += written;
    }

    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, Reserve(LongestNumber), out var written);
        Position += written;
    }

    /// <summary>Writes a finite number in the shortest form that reads back as the same number.</summary>
    public void Number(double value)
    {
        value.TryFormat(Reserve(LongestNumber), out var written, "R", CultureInfo.InvariantCulture);
        Position += written;
    }

    /// <summary>The same for single precision: 0.1 is not 0.10000000149011612.</summary>
    public void Number(float value)
    {
        value.TryFormat(Reserve(LongestNumber), out var written, "R", CultureInfo.InvariantCulture);
        Position += written;
    }

    /// <summary>Writes a string with quotes. Lone surrogates become U+FFFD.</summary>
    public void String(ReadOnlySpan<char> value)
    {
        var special = value.IndexOfAny(Escaped);
        if (special >= 0)
        {
            Escaping(value, special);
            return;
        }

        var target = Reserve((LongestCharacter * value.Length) + 2);
        target[0] = (byte)'"';
        var length = Encoding.UTF8.GetBytes(value, target[1..]) + 1;
        target[length] = (byte)'"';
        Position += length + 1;
    }

    private void Escaping(ReadOnlySpan<char> value, int special)
    {
        Byte((byte)'"');
        while (special >= 0)
        {
            Utf8(value[..special]);
            Escape(value[special]);
            value = value[(special + 1)..];
            special = value.IndexOfAny(Escaped);
        }

        Utf8(value);
        Byte((byte)'"');
    }

    /// <summary>Writes characters that need no escape.</summary>
    private void Utf8(ReadOnlySpan<char> value) =>
        Position += Encoding.UTF8.GetBytes(value, Reserve(LongestCharacter * value.Length));

    private void Escape(char c)
    {
        switch (c)
        {
            case '"':
                Raw("\\\""u8);
                break;
            case '\\':
                Raw("\\\\"u8);
                break;
            case '\n':
                Raw("\\n"u8);
                break;
            case '\r':
                Raw("\\r"u8);
                break;
            case '\t':
                Raw("\\t"u8);
                break;
            default:
                var target = Reserve(LongestEscape);
                "\\u00"u8.CopyTo(target);
                Utf8Formatter.TryFormat((byte)c, target[4..], out _, new StandardFormat('x', 2));
                Position += LongestEscape;
                break;
        }
    }

    private void Return()
    {
        if (bytes.Length <= LargestPooled)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    private Span<byte> Reserve(int length)
    {
        if (bytes.Length - Position < length)
        {
            if (Position > MaxPosition - length)
                throw new JsonBufferFullException();
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, Position + length));
            bytes.AsSpan(0, Position).CopyTo(larger);
            Return();
            bytes = larger;
        }

        return bytes.AsSpan(Position);
    }
}

/// <summary>More was to be written than <see cref="JsonBuffer.MaxPosition"/> allows.</summary>
internal sealed class JsonBufferFullException : Exception;
