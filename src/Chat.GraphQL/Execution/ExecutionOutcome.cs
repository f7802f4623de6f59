namespace Chat.GraphQL;

/// <summary>How an execution ended. Only a completed one has data in its response.</summary>
internal enum ExecutionOutcome
{
    Completed,
    TimedOut,
    Failed,
}
