namespace Chat.EventStore;

/// <summary>An index for the readers of a projection's table; a rebuild makes it when the table is full.</summary>
/// <param name="Columns">The columns, as they are named in the table.</param>
public sealed record TableIndex(params IReadOnlyList<string> Columns)
{
    /// <summary>Whether no two rows may have the same values.</summary>
    public bool IsUnique { get; init; }
}
