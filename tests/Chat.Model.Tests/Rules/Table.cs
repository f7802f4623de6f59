namespace Chat.Model.Rules;

/// <summary>
/// The table of permissions, as docs/permissions.md shows it. A cell is y, n, or the condition on which it is y.
/// </summary>
internal static class Table
{
    private const string Cells =
        """
        action    OWNER ADMIN MODERATOR MEMBER guest  stranger serveradmin
        hidden    y     y     y         y      y      invited  n
        read      y     y     y         y      y      n        y
        activity  y     y     y         n      n      n        y
        post      mute  mute  mute      mute   guests n        n
        moderate  y     y     y         n      n      n        y
        mention   y     y     y         n      n      n        n
        pin       y     y     y         pins   n      n        n
        invite    y     y     y         invites n     n        n
        ban       y     y     y         n      n      n        y
        change    y     y     n         n      n      n        n
        roles     y     y     n         n      n      n        n
        handover  y     n     n         n      n      n        n
        """;

    private static readonly Dictionary<string, Dictionary<string, string>> Rows = Read();

    public static string Cell(string action, string column) => Rows[action][column];

    private static Dictionary<string, Dictionary<string, string>> Read()
    {
        var lines = Cells.Split('\n').Select(line =>
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        return lines.Skip(1).ToDictionary(
            row => row[0],
            row => lines[0].Zip(row).Skip(1).ToDictionary(cell => cell.First, cell => cell.Second));
    }
}
