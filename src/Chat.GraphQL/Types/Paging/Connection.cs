namespace Chat.GraphQL;

/// <summary>
/// A page of a list, as in the cursor connections specification. For objects mapped to <c>User</c> the type is named
/// <c>UserConnection</c>, and <c>UserEdge</c> that of its edges. A class that derives from it can add fields, such as a
/// total.
/// </summary>
/// <typeparam name="T">What the list holds.</typeparam>
/// <param name="edges">The items of the page with their cursors, in the order of the list.</param>
/// <param name="pageInfo">Whether there is more.</param>
public class Connection<T>(IReadOnlyList<Edge<T>> edges, PageInfo pageInfo)
    where T : notnull
{
    /// <summary>The items with their cursors, in the order of the list.</summary>
    public IReadOnlyList<Edge<T>> Edges { get; } = edges;

    /// <summary>The items, in the order of the list.</summary>
    public IReadOnlyList<T> Nodes { get; } = [.. edges.Select(edge => edge.Node)];

    /// <summary>Whether there is more before and after the page.</summary>
    public PageInfo PageInfo { get; } = pageInfo;

    /// <summary>
    /// Makes the page from what a query by keys returned, which was asked for one item more than the page has.
    /// </summary>
    /// <param name="items">
    /// Up to <paramref name="size"/> + 1 items in the order of the list; the one too many tells that there is more: it
    /// is the last one, or the first one when the end of the list was asked for.
    /// </param>
    /// <param name="paging">What was asked for.</param>
    /// <param name="size">Items of the page at most.</param>
    /// <param name="cursorOf">The cursor of an item: its key, in a form of the resolver's choice.</param>
    public static Connection<T> Of(IReadOnlyList<T> items, PagingArguments paging, int size, Func<T, string> cursorOf)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(cursorOf);
        var hasMore = items.Count > size;
        var page = !hasMore ? items : paging.IsBackward ? items.TakeLast(size) : items.Take(size);
        Edge<T>[] edges = [.. page.Select(item => new Edge<T>(item, cursorOf(item)))];
        return new Connection<T>(edges, new PageInfo(
            paging.IsBackward ? paging.Before is not null : hasMore,
            paging.IsBackward ? hasMore : paging.After is not null,
            edges.Length > 0 ? edges[0].Cursor : null,
            edges.Length > 0 ? edges[^1].Cursor : null));
    }
}

/// <summary>An item of a page.</summary>
/// <param name="Node">The item.</param>
/// <param name="Cursor">Where the item stands in the list: the next page begins after it.</param>
public sealed record Edge<T>(T Node, string Cursor)
    where T : notnull;

/// <summary>What a page tells of the list around it.</summary>
/// <param name="HasNextPage">Whether there are items after the page.</param>
/// <param name="HasPreviousPage">Whether there are items before the page.</param>
/// <param name="StartCursor">The cursor of the first item; null when the page is empty.</param>
/// <param name="EndCursor">The cursor of the last item; null when the page is empty.</param>
public sealed record PageInfo(bool HasNextPage, bool HasPreviousPage, string? StartCursor, string? EndCursor);
