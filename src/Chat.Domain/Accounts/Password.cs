using System.Text;
using FluentValidation;

namespace Chat.Domain.Accounts;

public static class Password
{
    public const int LengthMin = 8;

    /// <summary>Hashing cost must not grow with the input.</summary>
    public const int BytesMax = 1024;

    public static readonly Refusal Wrong =
        new("WRONG_PASSWORD", "The password is wrong.") { Field = "password" };

    public static IRuleBuilderOptions<T, string> NewPassword<T>(this IRuleBuilderInitial<T, string> rule) => rule
        .Cascade(CascadeMode.Stop)
        .Must(password => Text.Graphemes(password) >= LengthMin)
        .WithMessage($"must have at least {LengthMin} characters")
        .Must(password => Encoding.UTF8.GetByteCount(password) <= BytesMax)
        .WithMessage($"must have at most {BytesMax} bytes");
}
