using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Chat.GraphQL;

/// <summary>Moments as in RFC 3339; written in UTC with milliseconds and "Z".</summary>
internal sealed partial class DateTimeScalar : ScalarType
{
    public DateTimeScalar() : base("DateTime")
    {
        Description = "A moment as in RFC 3339, such as 2026-11-20T14:10:00.123Z.";
        SpecifiedByUrl = "https://www.rfc-editor.org/rfc/rfc3339";
    }

    public override bool TryReadJson(JsonElement value, out object? result, out string? error)
    {
        result = value.ValueKind == JsonValueKind.String ? Read(value.GetString()!) : null;
        error = result is null ? $"DateTime cannot represent value: {JsonText.Inspect(value)}" : null;
        return error is null;
    }

    public override bool TryReadLiteral(
        ValueNode value, VariableValues variables, out object? result, out string? error)
    {
        result = value is StringValueNode literal ? Read(literal.Value) : null;
        error = result is null ? $"DateTime cannot represent value: {Printer.Show(value)}" : null;
        return error is null;
    }

    private static DateTimeOffset? Read(string text) =>
        Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;

    [GeneratedRegex(
        @"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Rfc3339();
}
