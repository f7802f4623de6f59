namespace Chat.GraphQL;

/// <summary><see cref="GraphQLOptions.MaxFields"/>.</summary>
internal sealed class MaxFields(ValidationContext context, OperationNode operation) : OperationLimit(context)
{
    private int count;

    public override void EnterFields(IReadOnlyList<FieldNode> fields)
    {
        count += fields.Count;
        if (count > Options.MaxFields)
        {
            Refuse(
                operation, ErrorCodes.OperationTooLarge,
                $"The operation has more than {Options.MaxFields} fields.");
        }
    }
}
