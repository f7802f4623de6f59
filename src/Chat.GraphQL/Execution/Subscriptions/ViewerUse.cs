namespace Chat.GraphQL;

/// <summary>How the values of a field depend on who asks, from the best to the worst for sharing them.</summary>
internal enum ViewerUse
{
    /// <summary>They do not: everybody sees the same.</summary>
    None,

    /// <summary>Each row is resolved with the state of its own viewer, so that a run may have several.</summary>
    PerRow,

    /// <summary>In a way that cannot be told for a row: a run must have one viewer only.</summary>
    PerRun,
}
