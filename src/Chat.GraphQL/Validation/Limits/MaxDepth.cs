namespace Chat.GraphQL;

/// <summary><see cref="GraphQLOptions.MaxDepth"/>.</summary>
internal sealed class MaxDepth(ValidationContext context) : OperationLimit(context)
{
    public override void EnterField(FieldNode field, int? depth)
    {
        if (depth > Options.MaxDepth)
        {
            Refuse(
                field, ErrorCodes.OperationTooDeep, $"The operation is deeper than {Options.MaxDepth} fields.");
        }
    }
}
