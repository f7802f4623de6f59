namespace Chat.GraphQL;

/// <summary>An execution context in which nothing flows from anybody.</summary>
internal static class NoContext
{
    private static readonly ExecutionContext Empty = Capture();

    public static void Run(Action action) =>
        ExecutionContext.Run(Empty, static state => ((Action)state!)(), action);

    private static ExecutionContext Capture()
    {
        // A thread that is started this way begins with an empty context; there is no other way to get hold of one.
        ExecutionContext? captured = null;
        var thread = new Thread(() => captured = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return captured!;
    }
}
