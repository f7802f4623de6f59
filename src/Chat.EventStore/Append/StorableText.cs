namespace Chat.EventStore;

/// <summary>
/// Tells text that would not come back from the log as it was given: PostgreSQL holds no U+0000, and half a surrogate
/// pair becomes U+FFFD on its way there.
/// </summary>
internal static class StorableText
{
    /// <summary>What is wrong with the text, to follow its name in a sentence; null when nothing is.</summary>
    public static string? Problem(string text)
    {
        if (text.Contains('\0'))
            return "holds the character U+0000, which PostgreSQL cannot store";
        return IsWellFormed(text) ? null : "is not well-formed Unicode";
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\ud800', '\udfff') is >= 0 and var at)
        {
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
                return false;
            text = text[(at + 2)..];
        }

        return true;
    }
}
