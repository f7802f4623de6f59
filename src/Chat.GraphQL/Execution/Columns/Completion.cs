namespace Chat.GraphQL;

/// <summary>
/// How the values of an output type become columns (specification 6.4.3, CompleteValue). Made once per field when the
/// schema is built.
/// </summary>
internal abstract class Completion<T>(bool isNonNull)
{
    protected bool IsNonNull { get; } = isNonNull;

    public abstract Column<T> CreateColumn(Frame frame, FieldPlan plan, Column? lists, int count);
}

internal sealed class LeafCompletion<T>(bool isNonNull, LeafWriter<T> writer) : Completion<T>(isNonNull)
{
    public override Column<T> CreateColumn(Frame frame, FieldPlan plan, Column? lists, int count) =>
        new LeafColumn<T>(frame, plan, lists, count, IsNonNull, writer);
}

internal sealed class ListCompletion<TList, TItem>(bool isNonNull, Completion<TItem> items)
    : Completion<TList>(isNonNull)
{
    public override Column<TList> CreateColumn(Frame frame, FieldPlan plan, Column? lists, int count) =>
        new ListColumn<TList, TItem>(frame, plan, lists, count, IsNonNull, items);
}

internal sealed class ObjectCompletion<T>(bool isNonNull, CompositeType type) : Completion<T>(isNonNull)
{
    public override Column<T> CreateColumn(Frame frame, FieldPlan plan, Column? lists, int count) =>
        new ObjectColumn<T>(frame, plan, lists, count, IsNonNull, type);
}
