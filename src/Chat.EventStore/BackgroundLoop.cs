namespace Chat.EventStore;

internal static class BackgroundLoop
{
    /// <summary>
    /// Starts a loop that serves everybody: it must not run in the trace of the caller who happened to be first.
    /// </summary>
    public static Task Run(Func<Task> loop) => Run(async () =>
    {
        await loop();
        return true;
    });

    /// <summary>Runs work that must see nothing of its caller: no trace, no ambient transaction.</summary>
    public static Task<T> Run<T>(Func<Task<T>> work)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return Task.Run(work);
        using (ExecutionContext.SuppressFlow())
            return Task.Run(work);
    }
}
