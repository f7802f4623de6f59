namespace Chat.EventStore;

/// <summary>The projection is being rebuilt already, by this or another process.</summary>
public sealed class RebuildRunningException(string projection)
    : Exception($"{projection} is being rebuilt already.");

/// <summary>A rebuild was given up; the live model is as it was.</summary>
public sealed class RebuildFailedException(string projection, string reason)
    : Exception($"The rebuild of {projection} was given up: {reason}");
