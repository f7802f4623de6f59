using System.Buffers.Text;

namespace Chat.Bench.Chat.Clients;

/// <summary>The text of a message: ASCII of a fixed length that begins with the message's number.</summary>
internal static class NumberedText
{
    public const int Bytes = 100;

    private const int Digits = 10;

    private static ReadOnlySpan<byte> Words => "the quick brown fox jumps over the lazy dog and says so in the room "u8;

    public static void Write(Span<byte> target, int number)
    {
        target[0] = (byte)'#';
        Utf8Formatter.TryFormat(number, target[1..], out _, new('D', Digits));
        target[1 + Digits] = (byte)' ';
        for (var i = 2 + Digits; i < Bytes; i++)
            target[i] = Words[i % Words.Length];
    }

    /// <summary>The number of the text that stands after <paramref name="before"/>; -1 where there is none.</summary>
    public static int NumberAfter(ReadOnlySpan<byte> before, ReadOnlySpan<byte> stanza)
    {
        var at = stanza.IndexOf(before);
        if (at < 0)
            return -1;
        var text = stanza[(at + before.Length)..];
        var isNumbered = text.Length > Digits && text[0] == '#';
        return isNumbered && Utf8Parser.TryParse(text.Slice(1, Digits), out int number, out _) ? number : -1;
    }
}
