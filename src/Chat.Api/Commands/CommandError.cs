using Chat.Domain;
using FluentValidation.Results;

namespace Chat.Api.Commands;

[GraphQLDescription("Why a command did nothing. Codes are stable; messages are for people.")]
public sealed record CommandError(string Code, string Message, string? Field = null, int? RetryAfterMs = null)
{
    public static readonly CommandError Unavailable = new(Api.Unavailable.Code, Api.Unavailable.Message);

    public static CommandError From(Refusal refusal) => new(
        refusal.Code, refusal.Message, refusal.Field, (int?)refusal.RetryAfter?.TotalMilliseconds);

    /// <summary>Malformed input, with the field in the API's spelling.</summary>
    public static CommandError From(ValidationFailure failure) => new(
        "INVALID_INPUT",
        $"{CamelCase(failure.PropertyName)} {failure.ErrorMessage}.",
        CamelCase(failure.PropertyName));

    // A property of an input inside the input: settings.slowModeSeconds.
    private static string CamelCase(string path) =>
        string.Join('.', path.Split('.').Select(name => char.ToLowerInvariant(name[0]) + name[1..]));
}
