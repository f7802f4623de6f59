namespace Chat.GraphQL.Tests.Fuzz;

/// <summary>Makes documents out of others: characters, tokens and parts are lost, doubled, moved and put in.</summary>
internal sealed class DocumentMutator(Random random, IReadOnlyList<string> corpus)
{
    private const int MaxChanges = 8;
    private const int MaxRepeats = 200;
    private const int LongestPart = 60;

    /// <summary>Documents do not grow beyond it by being mutated again and again.</summary>
    private const int LongestDocument = 20_000;

    private static readonly string[] Pieces =
    [
        "{", "}", "(", ")", "[", "]", "$", "@", "!", "...", "..", ".", "|", "&", "=", ":", ",", "#", "\"", "\"\"\"",
        "\\", "'", "\\u", "\\u{", "\\uD83D", "\\uDE00", "\\u{1F600}", "\\n", "\\\"\"\"", "\n", "\r", "\r\n", "\t",
        "\uFEFF", "\0", "\u0007", "\u007f", "\u00a0", "\u2028", "\uD800", "\uDC00", "😀", "é", "0", "-", "1.", ".5",
        "1e", "1E+400", "00", "0x1", "99999999999999999999", "on", "null", "true", "query", "mutation", "subscription",
        "fragment", "extend", "type", "schema", "interface", "union", "enum", "input", "scalar", "directive",
        "repeatable", "implements", "__typename", "__schema", "name", "nickname", "dog { name } ", "pet { ...f } ",
        "x: ", "... on Dog { name } ", "... { owner { name } } ", "friends ", "@skip(if: true)", "@include(if: $v)",
        "query ($v: Int = 1) ", "fragment a on Dog { ...a }", "...a", "\"text\" ",
    ];

    /// <summary>A new document; long ones are made out of the corpus again.</summary>
    public string Next(string document)
    {
        var text = document.Length > LongestDocument ? Pick(corpus) : document;
        // One change often leaves a document valid, many seldom do.
        var changes = random.Next(4) > 0 ? 1 : 1 + random.Next(MaxChanges);
        for (var i = 0; i < changes; i++)
            text = Change(text);
        return text;
    }

    private string Change(string text)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(random.Next(LongestPart), text.Length - at);
        return random.Next(8) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, Pick(Pieces)),
            2 => text.Insert(at, text.Substring(at, length)),
            3 => text.Insert(random.Next(text.Length + 1), text.Substring(at, length)),
            4 => text.Insert(at, ((char)random.Next(char.MaxValue + 1)).ToString()),
            5 => text.Insert(at, Part(Pick(corpus))),
            6 => text.Insert(at, string.Concat(Enumerable.Repeat(Pick(Pieces), random.Next(MaxRepeats)))),
            _ => text[..at] + Pick(corpus),
        };
    }

    private string Part(string text)
    {
        var at = random.Next(text.Length);
        return text.Substring(at, Math.Min(random.Next(LongestPart), text.Length - at));
    }

    private T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];
}
