namespace Chat.GraphQL;

/// <summary>How an execution ended. Only completed ones have data in their response.</summary>
internal enum ExecutionOutcome
{
    Completed,
    CompletedWithErrors,
    TimedOut,
    Failed,
}
