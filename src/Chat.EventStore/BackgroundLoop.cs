namespace Chat.EventStore;

internal static class BackgroundLoop
{
    /// <summary>
    /// Starts a loop that serves everybody: it must not run in the trace of the caller who happened to be first.
    /// </summary>
    public static Task Run(Func<Task> loop)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return Task.Run(loop);
        using (ExecutionContext.SuppressFlow())
            return Task.Run(loop);
    }
}
