namespace Chat.GraphQL;

/// <summary>A column of scalars or enum values.</summary>
internal sealed class LeafColumn<T>(
    Frame frame, FieldPlan plan, Column? lists, T?[] values, bool isNonNull, LeafWriter<T> writer)
    : Column<T>(frame, plan, lists, values, isNonNull)
{
    protected override bool WriteValue(OperationRun run, JsonBuffer json, int index)
    {
        try
        {
            writer(json, Values[index]!);
            return true;
        }
        catch (Exception exception) when (exception is not JsonBufferFullException)
        {
            run.Report(exception, this, index);
            return false;
        }
    }
}
