using System.Globalization;
using System.Text;
using FluentValidation;

namespace Chat.Domain;

/// <summary>
/// The shape rules of text that people type. Lengths are counted in grapheme clusters:
/// what a person sees as one character.
/// </summary>
public static class Text
{
    /// <summary>A grapheme cluster has no upper size, so bytes are limited too.</summary>
    public const int MaxBytesPerGrapheme = 32;

    public const int ReasonGraphemesMax = 500;

    public static int Graphemes(string text)
    {
        var count = 0;
        for (var rest = text.AsSpan(); rest.Length > 0; count++)
            rest = rest[StringInfo.GetNextTextElementLength(rest)..];
        return count;
    }

    /// <summary>
    /// A name shown in one line among others': it must not be able to disturb or imitate its surroundings.
    /// </summary>
    public static IRuleBuilderOptions<T, string> Name<T>(
        this IRuleBuilderInitial<T, string> rule, int graphemesMax) => rule
        .Cascade(CascadeMode.Stop)
        .Must(IsWellFormed).WithMessage("contains half of a surrogate pair")
        .Must(name => !string.IsNullOrWhiteSpace(name) && name.EnumerateRunes().Any(IsVisible))
        .WithMessage("must not be empty")
        .Must(name => name.EnumerateRunes().All(IsAllowedInName))
        .WithMessage("must not contain control characters, line breaks or characters that change the direction of text")
        .Must(name => IsWithin(name, graphemesMax)).WithMessage($"must have at most {graphemesMax} characters");

    /// <summary>Text of several lines, kept exactly as it was sent.</summary>
    public static IRuleBuilderOptions<T, string> Prose<T>(this IRuleBuilderInitial<T, string> rule) => rule
        .Cascade(CascadeMode.Stop)
        .Must(IsWellFormed).WithMessage("contains half of a surrogate pair")
        .Must(text => text.EnumerateRunes().All(IsAllowedInProse)).WithMessage("must not contain control characters");

    /// <summary>Why somebody did something, for those it concerns; not given: no reason.</summary>
    public static IRuleBuilderOptions<T, string> Reason<T>(this IRuleBuilderInitial<T, string> rule) => rule
        .Prose().NotBlank()
        .Must(text => IsWithin(text, ReasonGraphemesMax))
        .WithMessage($"must have at most {ReasonGraphemesMax} characters");

    public static IRuleBuilderOptions<T, string> NotBlank<T>(this IRuleBuilderOptions<T, string> rule) => rule
        .Must(text => text.EnumerateRunes().Any(IsVisible)).WithMessage("must not be empty");

    public static bool IsWithin(string text, int graphemesMax) =>
        Encoding.UTF8.GetByteCount(text) <= graphemesMax * MaxBytesPerGrapheme && Graphemes(text) <= graphemesMax;

    private static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != System.Buffers.OperationStatus.Done)
                return false;
            rest = rest[consumed..];
        }

        return true;
    }

    private static bool IsVisible(Rune rune) =>
        !Rune.IsWhiteSpace(rune)
        && !IsBlank(rune.Value)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark);

    // Letters and symbols that are drawn as nothing: Hangul fillers, Khmer vowels, the blank Braille pattern.
    private static bool IsBlank(int codePoint) =>
        codePoint is 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0;

    private static bool IsAllowedInProse(Rune rune) =>
        rune.Value is '\n' or '\r' or '\t' || Rune.GetUnicodeCategory(rune) != UnicodeCategory.Control;

    internal static bool IsAllowedInName(Rune rune) =>
        !IsDirectional(rune.Value) && Rune.GetUnicodeCategory(rune) is not
            (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    // Unicode's bidirectional formatting characters (UAX #9, table 1): marks, embeddings, overrides and isolates.
    private static bool IsDirectional(int codePoint) => codePoint is
        0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
