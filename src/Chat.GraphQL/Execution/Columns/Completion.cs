namespace Chat.GraphQL;

/// <summary>
/// How the values of an output type become columns (specification 6.4.3, CompleteValue). Made once per field when the
/// schema is built.
/// </summary>
internal abstract class Completion<T>(bool isNonNull)
{
    protected bool IsNonNull { get; } = isNonNull;

    /// <summary>Makes the column of values that are there, or will be when it is completed.</summary>
    public abstract Column<T> CreateColumn(Frame frame, FieldPlan plan, Column? lists, T?[] values);

    /// <summary>Makes the column of a field, with a row per parent.</summary>
    public Column<T> CreateColumn(Frame frame, FieldPlan plan) =>
        CreateColumn(frame, plan, null, new T?[frame.Parents.Length]);
}

internal sealed class LeafCompletion<T>(bool isNonNull, LeafWriter<T> writer) : Completion<T>(isNonNull)
{
    public override Column<T> CreateColumn(Frame frame, FieldPlan plan, Column? lists, T?[] values) =>
        new LeafColumn<T>(frame, plan, lists, values, IsNonNull, writer);
}

internal sealed class ListCompletion<TList, TItem>(bool isNonNull, Completion<TItem> items)
    : Completion<TList>(isNonNull)
{
    public override Column<TList> CreateColumn(Frame frame, FieldPlan plan, Column? lists, TList?[] values) =>
        new ListColumn<TList, TItem>(frame, plan, lists, values, IsNonNull, items);
}

internal sealed class ObjectCompletion<T>(bool isNonNull, CompositeType type) : Completion<T>(isNonNull)
{
    public override Column<T> CreateColumn(Frame frame, FieldPlan plan, Column? lists, T?[] values) =>
        new ObjectColumn<T>(frame, plan, lists, values, IsNonNull, type);
}
