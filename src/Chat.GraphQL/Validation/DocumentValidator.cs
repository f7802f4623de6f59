namespace Chat.GraphQL;

/// <summary>Validates documents (specification 5): all rules in one walk, then the server's limits.</summary>
internal static class DocumentValidator
{
    public static IReadOnlyList<GraphQLError> Validate(Schema schema, DocumentNode document, GraphQLOptions options)
    {
        var context = new ValidationContext(schema, document, options);
        try
        {
            new Walk(context, SpecifiedRules.For(context)).Visit(document);
            // Limits look into fragments, which must exist and be free of cycles for that.
            if (context.Errors.Count == 0)
                OperationLimits.Check(context);
        }
        catch (ValidationAbortedException exception)
        {
            context.Errors.Add(new GraphQLError(exception.Message) { Code = exception.Code });
        }
        catch (InsufficientExecutionStackException)
        {
            // Fragments that spread each other go as deep as the document has fragments.
            context.Errors.Add(new GraphQLError("Validation aborted.") { Code = ErrorCodes.DocumentTooComplex });
        }

        return context.Errors;
    }

    /// <summary>One walk through the document for all rules.</summary>
    private sealed class Walk(ValidationContext context, ValidationRule[] rules)
    {
        public void Visit(Node node)
        {
            context.Types.Enter(node);
            foreach (var rule in rules)
            {
                if (rule.Skipped is null)
                    rule.Enter(node);
            }

            context.Ancestors.Add(node);
            foreach (var child in node.Children)
                Visit(child);
            context.Ancestors.RemoveAt(context.Ancestors.Count - 1);

            foreach (var rule in rules)
            {
                if (rule.Skipped is null)
                    rule.Leave(node);
                else if (rule.Skipped == node)
                    rule.Skipped = null;
            }

            context.Types.Leave(node);
        }
    }
}
