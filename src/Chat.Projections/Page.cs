namespace Chat.Projections;

/// <summary>One page of a list and whether there is more on either side of it.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, bool HasPrevious, bool HasNext);
