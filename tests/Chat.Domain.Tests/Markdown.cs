using System.Runtime.CompilerServices;

namespace Chat.Domain.Tests;

/// <summary>A document that is generated from the code and compared with the file in the repository.</summary>
public static class Markdown
{
    private const string Rewrite = "CHAT_REWRITE_LEDGERS";

    /// <summary>
    /// Compares with the file; with CHAT_REWRITE_LEDGERS=1 it is written anew, for the person who means the change.
    /// </summary>
    public static void ShouldBeAsWritten(string text, string path)
    {
        var file = Path.Combine(Root(), path);
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            File.WriteAllText(file, text);
        text.ShouldBe(File.ReadAllText(file).ReplaceLineEndings("\n"), $"Set {Rewrite}=1 if the change is meant.");
    }

    public static string Row(params IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Root([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
