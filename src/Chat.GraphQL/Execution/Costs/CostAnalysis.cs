namespace Chat.GraphQL;

/// <summary>
/// Adds up what an operation costs: each field its weight, and what is selected below a list as often as the list may
/// have items. An upper bound: what a directive may take away is counted.
/// </summary>
internal sealed class CostAnalysis(
    Schema schema, GraphQLOptions options, IntrospectionSizes introspection, ExecutableDocument document)
{
    /// <summary>The page sizes that have been met.</summary>
    public List<PageSize> Pages { get; } = [];

    public CostTerm CostOf(OperationNode operation) => CostOf(
        schema.RootType(operation.Kind)!, [operation.SelectionSet], connection: null, IntrospectionSizes.Owner.One);

    /// <summary>
    /// The cost of selection sets that are merged. The lists in them have the page size of the connection that they are
    /// selected on, if they are.
    /// </summary>
    private CostTerm CostOf(
        CompositeType type, IEnumerable<SelectionSetNode> sets, PageSize? connection, IntrospectionSizes.Owner owner)
    {
        var selected = new CostSelections(schema, document, type);
        foreach (var set in sets)
            selected.Collect(set);
        return Sum(selected.Common).PlusDearestOf([.. selected.ByObject.Select(Sum)]);

        CostTerm Sum(IEnumerable<CostSelections.Selected> fields) => fields.Aggregate(
            CostTerm.Of(0), (sum, field) => sum.Plus(CostOf(field, connection, owner)));
    }

    private CostTerm CostOf(
        CostSelections.Selected selected, PageSize? connection, IntrospectionSizes.Owner owner)
    {
        var (field, nodes) = selected;
        var sets = nodes.Select(node => node.SelectionSet!);
        if (IntrospectionSizes.IsIntrospection(field))
            return CostOfIntrospection(field, sets, owner);
        var self = CostTerm.Of(field.Weight);
        var own = PageSizeOf(field, nodes[0]);
        if (field.Type.Named is not CompositeType type)
            return self;
        if (field.Type.Nullable is not ListType)
            return self.Plus(CostOf(type, sets, own, owner));
        var items = CostOf(type, sets, connection: null, owner);
        return (own ?? connection) is { } size
            ? self.Plus(size, items)
            : self.Plus(items.Times(options.AssumedListSize));
    }

    /// <summary>What the field says of its lists; null when it says nothing.</summary>
    private PageSize? PageSizeOf(Field field, FieldNode node)
    {
        var slicing = PageSize.SlicingArgumentsOf(field);
        if (slicing.Length == 0 && field.ListSize.AssumedSize is null)
            return null;
        var size = PageSize.Of(field, node, slicing, options);
        Pages.Add(size);
        return size;
    }

    private CostTerm CostOfIntrospection(
        Field field, IEnumerable<SelectionSetNode> sets, IntrospectionSizes.Owner owner)
    {
        var self = CostTerm.Of(IntrospectionSizes.Weight);
        if (field.Type.Named is not CompositeType type)
            return self;
        var items = CostOf(type, sets, connection: null, IntrospectionSizes.Below(field.Name, owner));
        return self.Plus(items.Times(introspection.Of(field.Name, owner)));
    }
}
