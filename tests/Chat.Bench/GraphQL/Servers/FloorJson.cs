using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Chat.Bench.GraphQL.Servers;

/// <summary>Bare UTF-8 JSON into a pooled array.</summary>
internal sealed class FloorJson
{
    private const int FirstSize = 64 * 1024;
    private const int LongestNumber = 11;

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    private byte[] bytes = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int length;

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, length);

    public void Return() => ArrayPool<byte>.Shared.Return(bytes);

    public void Raw(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Free(utf8.Length));
        length += utf8.Length;
    }

    public void Number(int value)
    {
        Utf8Formatter.TryFormat(value, Free(LongestNumber), out var written);
        length += written;
    }

    public void Text(ReadOnlySpan<char> text)
    {
        Raw("\""u8);
        int special;
        while ((special = text.IndexOfAny(Escaped)) >= 0)
        {
            Clean(text[..special]);
            Raw(text[special] switch
            {
                '"' => "\\\""u8,
                '\\' => "\\\\"u8,
                '\n' => "\\n"u8,
                var other => throw new ArgumentException($"The bench's texts have no U+{(int)other:X4}.", nameof(text)),
            });
            text = text[(special + 1)..];
        }

        Clean(text);
        Raw("\""u8);
    }

    private void Clean(ReadOnlySpan<char> text) =>
        length += Encoding.UTF8.GetBytes(text, Free(Encoding.UTF8.GetMaxByteCount(text.Length)));

    private Span<byte> Free(int size)
    {
        if (bytes.Length - length < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, length + size));
            bytes.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }

        return bytes.AsSpan(length);
    }
}
