using FluentValidation;

namespace Chat.Domain.Accounts;

public static class EmailAddress
{
    /// <summary>RFC 5321 §4.5.3.1.3: a path has at most 256 octets, two of which are its angle brackets.</summary>
    public const int LengthMax = 254;

    /// <summary>
    /// The form in which two addresses are compared: mailboxes that differ only in case are one in practice.
    /// </summary>
    public static string Canonical(string email) => email.Trim().ToLowerInvariant();

    public static IRuleBuilderOptions<T, string> Email<T>(this IRuleBuilderInitial<T, string> rule) => rule
        .Cascade(CascadeMode.Stop)
        .MaximumLength(LengthMax).WithMessage($"must have at most {LengthMax} characters")
        .Must(IsAddress).WithMessage("must be an e-mail address");

    // Whether a mailbox exists only a mail to it can tell; this keeps out what cannot be one.
    private static bool IsAddress(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at < email.Length - 1 && at == email.LastIndexOf('@')
            && email[at + 1] != '.' && email[^1] != '.'
            && !email.Any(c => char.IsWhiteSpace(c) || char.IsSurrogate(c))
            && email.EnumerateRunes().All(Text.IsAllowedInName);
    }
}
