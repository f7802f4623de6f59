namespace Chat.Domain;

/// <summary>An expected "no": a value with a stable code that clients act on and a sentence that people read.</summary>
public sealed record Refusal(string Code, string Message)
{
    /// <summary>
    /// The input field that the refusal is about, in the API's spelling; null where it is about the whole command.
    /// </summary>
    public string? Field { get; init; }

    /// <summary>When trying again can succeed; null where that is not a matter of time.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The answer for what is missing and for what the caller may not know of: the two look alike.</summary>
    public static readonly Refusal NotFound = new("NOT_FOUND", "There is no such thing, or it is not visible to you.");

    public static readonly Refusal Unauthenticated = new("UNAUTHENTICATED", "Sign in first.");

    /// <summary>Others kept changing what the decision rests on, several times in a row.</summary>
    public static readonly Refusal Conflict =
        new("CONFLICT", "Somebody else changed this at the same moment. Try again.");

    public static readonly Refusal CommandIdReused =
        new("COMMAND_ID_REUSED", "This commandId was already used with another command or input.")
        {
            Field = "commandId",
        };
}
