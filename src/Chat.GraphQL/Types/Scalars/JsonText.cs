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
    public static string Number(JsonElement value) => Number(value.GetDouble());

    /// <summary>
    /// A number as JavaScript prints it (ECMA-262, Number::toString): 1e21 is 1e+21, 1e-6 is 0.000001.
    /// </summary>
    public static string Number(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return value == 0 ? "0" : value.ToString(CultureInfo.InvariantCulture);
        // The shortest digits that mean the number, which come as 125, 0.0125 or 1.25E+20.
        var parts = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var whole = parts[0].Split('.')[0];
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var leadingZeros = digits.Length - digits.TrimStart('0').Length;
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var text = Layout(digits.Trim('0'), whole.Length - leadingZeros + exponent);
        return value < 0 ? "-" + text : text;
    }

    /// <summary>Writes 0.digits × 10^point.</summary>
    private static string Layout(string digits, int point)
    {
        if (point is > 21 or <= -6)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{fraction}e{point - 1:+0;-0}");
        }

        if (point <= 0)
            return "0." + new string('0', -point) + digits;
        return digits.Length <= point ? digits.PadRight(point, '0') : digits[..point] + "." + digits[point..];
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

    /// <summary>A string as JSON; surrogates without their other half are escaped.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isPair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            _ = c switch
            {
                _ when isPair => quoted.Append(c).Append(text[++i]),
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\b' => quoted.Append("\\b"),
                '\t' => quoted.Append("\\t"),
                '\n' => quoted.Append("\\n"),
                '\f' => quoted.Append("\\f"),
                '\r' => quoted.Append("\\r"),
                < ' ' or (>= '\ud800' and <= '\udfff') =>
                    quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
