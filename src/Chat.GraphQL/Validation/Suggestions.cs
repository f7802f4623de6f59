namespace Chat.GraphQL;

/// <summary>Finds names that a misspelt one may have meant, the nearest first.</summary>
internal static class Suggestions
{
    private const int MaxSuggestions = 5;

    public static IReadOnlyList<string> For(string input, IEnumerable<string> options)
    {
        var threshold = (int)(input.Length * 0.4) + 1;
        return [.. options.Distinct(StringComparer.Ordinal)
            .Select(option => (Option: option, Distance: Distance(input, option, threshold)))
            .Where(candidate => candidate.Distance <= threshold)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Option, NaturalOrder)
            .Select(candidate => candidate.Option)];
    }

    /// <summary>" Did you mean …?", or nothing.</summary>
    public static string DidYouMean(IReadOnlyList<string> suggestions, string intro = "") => suggestions.Count == 0
        ? ""
        : $" Did you mean {intro}{OrList([.. suggestions.Take(MaxSuggestions).Select(name => $"\"{name}\"")])}?";

    private static string OrList(string[] items) => items.Length switch
    {
        1 => items[0],
        2 => $"{items[0]} or {items[1]}",
        _ => $"{string.Join(", ", items[..^1])}, or {items[^1]}",
    };

    /// <summary>
    /// The Damerau–Levenshtein distance without regard to case, which costs one edit at most; larger than the threshold
    /// as soon as it is certain to be.
    /// </summary>
    private static int Distance(string input, string option, int threshold)
    {
        if (input == option)
            return 0;
        if (Math.Abs(input.Length - option.Length) > threshold)
            return int.MaxValue;
        var a = option.ToLowerInvariant();
        var b = input.ToLowerInvariant();
        if (a == b)
            return 1;
        if (a.Length < b.Length)
            (a, b) = (b, a);

        var rows = new[] { new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1] };
        for (var j = 0; j <= b.Length; j++)
            rows[0][j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var (up, row) = (rows[(i - 1) % 3], rows[i % 3]);
            var smallest = row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var cell = Math.Min(Math.Min(up[j] + 1, row[j - 1] + 1), up[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cell = Math.Min(cell, rows[(i - 2) % 3][j - 2] + 1);
                smallest = Math.Min(smallest, cell);
                row[j] = cell;
            }

            if (smallest > threshold)
                return int.MaxValue;
        }

        return rows[a.Length % 3][b.Length];
    }

    /// <summary>Orders names by their characters, and runs of digits in them by their number.</summary>
    public static readonly Comparer<string> NaturalOrder = Comparer<string>.Create(static (one, other) =>
    {
        var (i, j) = (0, 0);
        while (i < one.Length && j < other.Length)
        {
            if (char.IsAsciiDigit(one[i]) && char.IsAsciiDigit(other[j]))
            {
                var difference = Number(one, ref i).CompareTo(Number(other, ref j));
                if (difference != 0)
                    return difference;
            }
            else if (one[i] != other[j])
            {
                return one[i].CompareTo(other[j]);
            }
            else
            {
                i++;
                j++;
            }
        }

        return one.Length.CompareTo(other.Length);
    });

    private static double Number(string text, ref int at)
    {
        double number = 0;
        do
            number = (number * 10) + (text[at++] - '0');
        while (at < text.Length && char.IsAsciiDigit(text[at]) && number > 0);
        return number;
    }
}
