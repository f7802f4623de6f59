namespace Chat.EventStore.Workload;

/// <summary>The only event of the workload.</summary>
public sealed record Happened(string Text);
