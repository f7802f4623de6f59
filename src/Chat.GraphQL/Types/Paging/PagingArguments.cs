namespace Chat.GraphQL;

/// <summary>
/// The arguments <c>first</c>, <c>after</c>, <c>last</c> and <c>before</c> of a field that returns a
/// <see cref="Connection{T}"/>; a resolver's parameter of this type adds them. Sizes below zero, and both sizes
/// together, are refused with INVALID_INPUT.
/// </summary>
/// <param name="First">Items from the start of the list, or after <paramref name="After"/>.</param>
/// <param name="After">The cursor that the page begins after.</param>
/// <param name="Last">Items from the end of the list, or before <paramref name="Before"/>.</param>
/// <param name="Before">The cursor that the page ends before.</param>
public readonly record struct PagingArguments(int? First, string? After, int? Last, string? Before)
{
    /// <summary>Whether the end of the list is asked for: the page is taken from there.</summary>
    public bool IsBackward => Last is not null;

    /// <summary>The items asked for.</summary>
    /// <param name="unasked">Items of a page when the client does not say.</param>
    public int SizeOr(int unasked) => First ?? Last ?? unasked;
}
