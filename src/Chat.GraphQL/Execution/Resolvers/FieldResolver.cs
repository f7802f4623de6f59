namespace Chat.GraphQL;

/// <summary>Resolves a field for all rows of a frame at once (specification 6.4.2, ResolveFieldValue).</summary>
internal abstract class FieldResolver
{
    /// <summary>How the field's values depend on who asks. What is not known is taken for the worst.</summary>
    public virtual ViewerUse Viewer => ViewerUse.PerRun;

    /// <summary>Whether the argument with this index, in the order of the definitions, is read at all.</summary>
    public virtual bool UsesArgument(int index) => true;

    /// <summary>
    /// Makes the field's column. Its values are complete on return, or the run has been told to wait for them.
    /// </summary>
    public abstract Column Resolve(OperationRun run, Frame frame, FieldPlan plan);
}
