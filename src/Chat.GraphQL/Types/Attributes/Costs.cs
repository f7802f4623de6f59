namespace Chat.GraphQL;

/// <summary>What a field costs by itself, apart from what is selected below it; 1 without the attribute.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class CostAttribute(double weight) : Attribute
{
    /// <summary>A number of 0 or more; 1 is a field that reads a value at hand.</summary>
    public double Weight { get; } = weight;
}

/// <summary>
/// How many items a list field has, or the lists inside the connection that it returns. Without the attribute arguments
/// of type Int or Long named <c>first</c>, <c>last</c> or <c>limit</c> tell, or else
/// <see cref="GraphQLOptions.AssumedListSize"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class ListSizeAttribute : Attribute
{
    /// <summary>Items when no argument tells; 0 for <see cref="GraphQLOptions.AssumedListSize"/>.</summary>
    public int AssumedSize { get; init; }

    /// <summary>
    /// Items that an argument may ask for: PAGE_TOO_LARGE; 0 for <see cref="GraphQLOptions.MaxPageSize"/>.
    /// </summary>
    public int MaxSize { get; init; }

    /// <summary>The names of the arguments that tell how many items are asked for; the largest one counts.</summary>
    public string[] SlicingArguments { get; init; } = ["first", "last", "limit"];
}
