namespace Chat.GraphQL;

/// <summary>Resolves a field for all rows of a frame at once (specification 6.4.2, ResolveFieldValue).</summary>
internal abstract class FieldResolver
{
    /// <summary>
    /// Makes the field's column. Its values are complete on return, or the run has been told to wait for them.
    /// </summary>
    public abstract Column Resolve(OperationRun run, Frame frame, FieldPlan plan);
}
