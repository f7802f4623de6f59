namespace Chat.GraphQL;

/// <summary>A column of lists. The items of all lists are one column of their own, one list after the other.</summary>
internal sealed class ListColumn<TList, TItem>(
    Frame frame, FieldPlan plan, Column? lists, int count, bool isNonNull, Completion<TItem> items)
    : Column<TList>(frame, plan, lists, count, isNonNull)
{
    private readonly int[] ends = new int[count];
    private Column<TItem>? flat;

    public override void Complete(OperationRun run)
    {
        var collected = new List<TItem?>();
        for (var i = 0; i < Values.Length; i++)
        {
            if (HasValue(i))
                Collect(run, i, collected);
            ends[i] = collected.Count;
        }

        flat = items.CreateColumn(Frame, Plan, this, collected.Count);
        collected.CopyTo(flat.Values);
        flat.Complete(run);
    }

    protected override bool WriteValue(OperationRun run, JsonBuffer json, int index)
    {
        json.Byte((byte)'[');
        var start = StartOf(index);
        for (var i = start; i < ends[index]; i++)
        {
            if (i > start)
                json.Byte((byte)',');
            if (!flat!.Write(run, json, i))
                return false;
        }

        json.Byte((byte)']');
        return true;
    }

    protected override int ListOf(int index, out int item)
    {
        // The first list that ends after the item; empty lists end where the one before them does.
        var (low, high) = (0, ends.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ends[middle] > index)
                high = middle;
            else
                low = middle + 1;
        }

        item = index - StartOf(low);
        return low;
    }

    private int StartOf(int index) => index == 0 ? 0 : ends[index - 1];

    private void Collect(OperationRun run, int index, List<TItem?> into)
    {
        var start = into.Count;
        try
        {
            into.AddRange((IEnumerable<TItem?>)Values[index]!);
        }
        catch (Exception exception)
        {
            into.RemoveRange(start, into.Count - start);
            Fail(run, index, exception);
        }
    }
}
