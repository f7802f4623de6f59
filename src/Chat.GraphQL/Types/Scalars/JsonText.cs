using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Chat.GraphQL;

/// <summary>Shows a JSON value in an error message, shortened where it is long or deep.</summary>
internal static class JsonText
{
    private const int LongestArray = 10;
    private const int Deepest = 2;

    public static string Inspect(JsonElement value) => Inspect(value, 0);

    /// <summary>A number as JavaScript prints it: 1.0 is 1.</summary>
    public static string Number(JsonElement value)
    {
        var number = value.GetDouble();
        return number == Math.Floor(number) && Math.Abs(number) < 1e21
            ? number.ToString("F0", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);
    }

    private static string Inspect(JsonElement value, int depth) => value.ValueKind switch
    {
        JsonValueKind.String => Quote(Cut(value.GetString()!)),
        JsonValueKind.Number => Number(value),
        JsonValueKind.Array => InspectArray(value, depth + 1),
        JsonValueKind.Object => InspectObject(value, depth + 1),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Undefined => "undefined",
        _ => "null",
    };

    private static string InspectArray(JsonElement array, int depth)
    {
        var length = array.GetArrayLength();
        if (length == 0)
            return "[]";
        if (depth > Deepest)
            return "[Array]";
        var items = array.EnumerateArray().Take(LongestArray).Select(item => Inspect(item, depth)).ToList();
        if (length - LongestArray == 1)
            items.Add("... 1 more item");
        else if (length > LongestArray)
            items.Add($"... {length - LongestArray} more items");
        return $"[{string.Join(", ", items)}]";
    }

    private static string InspectObject(JsonElement value, int depth)
    {
        using var entries = value.EnumerateObject();
        if (!entries.MoveNext())
            return "{}";
        if (depth > Deepest)
            return "[Object]";
        var text = new StringBuilder("{ ");
        do
        {
            if (text.Length > 2)
                text.Append(", ");
            text.Append(entries.Current.Name).Append(": ").Append(Inspect(entries.Current.Value, depth));
        }
        while (text.Length < GraphQLError.LongestMessage && entries.MoveNext());
        return text.Append(" }").ToString();
    }

    /// <summary>Messages do not quote more than they have room for.</summary>
    private static string Cut(string text) =>
        text.Length > GraphQLError.LongestMessage ? text[..GraphQLError.LongestMessage] : text;

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\b' => quoted.Append("\\b"),
                '\t' => quoted.Append("\\t"),
                '\n' => quoted.Append("\\n"),
                '\f' => quoted.Append("\\f"),
                '\r' => quoted.Append("\\r"),
                < ' ' => quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
