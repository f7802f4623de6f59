namespace Chat.GraphQL;

/// <summary>What the schema says about the sizes of a field's lists: see <see cref="ListSizeAttribute"/>.</summary>
internal sealed record ListSize(int? AssumedSize, int? MaxSize, IReadOnlyList<string> SlicingArguments)
{
    /// <summary>Of fields that say nothing.</summary>
    public static readonly ListSize Default = Of(new ListSizeAttribute());

    /// <summary>The attribute is on the member that the field is made from.</summary>
    public static ListSize Of(ListSizeAttribute? attribute) => attribute is null ? Default : new ListSize(
        attribute.AssumedSize > 0 ? attribute.AssumedSize : null, attribute.MaxSize > 0 ? attribute.MaxSize : null,
        attribute.SlicingArguments);
}
