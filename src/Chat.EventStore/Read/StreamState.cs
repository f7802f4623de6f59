namespace Chat.EventStore;

/// <summary>A stream as its row in <c>mt_streams</c> says.</summary>
/// <param name="Id">The stream.</param>
/// <param name="StreamType">The alias of its type.</param>
/// <param name="Version">The version of its last event.</param>
/// <param name="Created">When it was made.</param>
/// <param name="LastTimestamp">When it was last appended to.</param>
/// <param name="IsArchived">Whether Marten's archiving has closed it.</param>
public sealed record StreamState(
    Guid Id,
    string? StreamType,
    long Version,
    DateTimeOffset Created,
    DateTimeOffset LastTimestamp,
    bool IsArchived);
