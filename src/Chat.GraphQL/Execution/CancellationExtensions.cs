using Microsoft.Extensions.Logging;

namespace Chat.GraphQL;

/// <summary>
/// Cancels operations. Their tokens carry callbacks of the application; what one of them throws belongs to nobody here
/// and is only logged.
/// </summary>
internal static class CancellationExtensions
{
    /// <summary>
    /// The token is cancelled at once; its callbacks run elsewhere, so that the caller does not wait for them.
    /// </summary>
    public static async Task CancelElsewhereAsync(this CancellationTokenSource source, ILogger logger)
    {
        try
        {
            await source.CancelAsync();
        }
        catch (Exception exception)
        {
            Log(logger, exception);
        }
    }

    /// <summary>Runs the callbacks here: also the last of them has run when the source can be disposed.</summary>
    public static void CancelHere(this CancellationTokenSource source, ILogger logger)
    {
        try
        {
            source.Cancel();
        }
        catch (Exception exception)
        {
            Log(logger, exception);
        }
    }

    private static void Log(ILogger logger, Exception exception) =>
        logger.LogError(exception, "A callback on the token of a GraphQL operation failed.");
}
