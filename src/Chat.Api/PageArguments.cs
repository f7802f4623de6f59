using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Chat.Projections;

namespace Chat.Api;

public sealed record PageInfo(bool HasNextPage, bool HasPreviousPage, string? StartCursor, string? EndCursor)
{
    internal static PageInfo Of<T>(Page<T> page, Func<T, string> cursor) => new(
        page.HasNext, page.HasPrevious,
        page.Items.Count == 0 ? null : cursor(page.Items[0]),
        page.Items.Count == 0 ? null : cursor(page.Items[^1]));
}

/// <summary>The rules of page arguments: sizes of 1 to 100, positions of the log.</summary>
internal static class PageArguments
{
    public const int DefaultSize = 50;
    public const int SizeMax = 100;

    public static void CheckSize(string name, int? size)
    {
        if (size is < 1 or > SizeMax)
            throw Invalid(name, $"must be 1 to {SizeMax}");
    }

    public static void CheckPosition(string name, long? position)
    {
        if (position < 0)
            throw Invalid(name, "must not be negative");
    }

    public static GraphQLException Invalid(string name, string problem) => new(
        $"{name} {problem}.", "INVALID_INPUT",
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["field"] = name });
}

/// <summary>
/// Cursors: positions as they are; what is more than a number is packed so that clients do not take it apart.
/// </summary>
internal static class Cursor
{
    public static string EncodePosition(long position) => position.ToString(CultureInfo.InvariantCulture);

    public static long DecodePosition(string name, string cursor) =>
        long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : throw PageArguments.Invalid(name, "is not a cursor of this list");

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Decode(string name, string cursor)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Base64Url.DecodeFromChars(cursor));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw PageArguments.Invalid(name, "is not a cursor of this list");
        }
    }
}
