using System.Text;
using System.Text.RegularExpressions;

namespace Chat.EventStore;

/// <summary>Names of .NET things as PostgreSQL and Marten have them.</summary>
internal static partial class SqlName
{
    /// <summary>Longest identifier that PostgreSQL does not cut off.</summary>
    public const int MaxLength = 63;

    public static bool IsIdentifier(string name) => Identifier().IsMatch(name);

    /// <summary>Split before each capital that starts a word, lower case, joined by underscores.</summary>
    public static string Snake(string name)
    {
        var alias = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = char.IsUpper(name[i])
                && i > 0
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord && name[i - 1] != '_')
                alias.Append('_');
            alias.Append(char.ToLowerInvariant(name[i]));
        }

        return alias.ToString();
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Identifier();
}
