namespace Chat.GraphQL;

/// <summary>Knows what the operations of a schema cost, before they run.</summary>
internal sealed class CostModel(Schema schema, GraphQLOptions options)
{
    private readonly IntrospectionSizes introspection = new(schema);

    public OperationCost Of(ExecutableDocument document, OperationNode operation)
    {
        var analysis = new CostAnalysis(schema, options, introspection, document);
        return new OperationCost(document, analysis.CostOf(operation), analysis.Pages, options.MaxCost);
    }
}
