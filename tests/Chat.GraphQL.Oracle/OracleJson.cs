using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Chat.GraphQL.Oracle;

/// <summary>JSON as JavaScript reads and writes it: strings may hold lone surrogates.</summary>
internal static class OracleJson
{
    private const int DepthMax = 10_000;

    public static readonly JsonDocumentOptions ReaderOptions = new() { MaxDepth = DepthMax };

    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = DepthMax,
    };

    /// <summary>The text of a string.</summary>
    public static string Text(JsonElement json)
    {
        try
        {
            return json.GetString() ?? "";
        }
        catch (InvalidOperationException) when (json.ValueKind == JsonValueKind.String)
        {
            return Unescape(json.GetRawText());
        }
    }

    public static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(JsonText.Quote(text), skipInputValidation: true);
    }

    /// <summary>System.Text.Json does not make a string of escapes that are no Unicode text.</summary>
    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 1; i < raw.Length - 1; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] == 'u')
            {
                var digits = raw.AsSpan(i + 1, 4);
                text.Append((char)int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += digits.Length;
                continue;
            }

            text.Append(raw[i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                var other => other,
            });
        }

        return text.ToString();
    }
}
