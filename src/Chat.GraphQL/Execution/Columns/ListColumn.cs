namespace Chat.GraphQL;

/// <summary>A column of lists. The items of all lists are one column of their own, one list after the other.</summary>
internal sealed class ListColumn<TList, TItem>(
    Frame frame, FieldPlan plan, Column? lists, TList?[] values, bool isNonNull, Completion<TItem> items)
    : Column<TList>(frame, plan, lists, values, isNonNull)
{
    private const int FirstItems = 4;

    private readonly int[] ends = new int[values.Length];
    private Column<TItem>? flat;

    public override void Complete(OperationRun run)
    {
        var collected = new TItem?[ExpectedItems()];
        var length = 0;
        for (var i = 0; i < Values.Length; i++)
        {
            if (HasValue(i))
                Collect(run, i, ref collected, ref length);
            ends[i] = length;
        }

        Array.Resize(ref collected, length);
        flat = items.CreateColumn(Frame, Plan, this, collected);
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

    protected override bool IsNullInside(int index)
    {
        for (var i = StartOf(index); i < ends[index]; i++)
        {
            if (flat!.BubblesNull(i))
                return true;
        }

        return false;
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

    /// <summary>The items of all lists that know their number.</summary>
    private int ExpectedItems()
    {
        var count = 0;
        for (var i = 0; i < Values.Length; i++)
        {
            if (HasValue(i) && Values[i] is ICollection<TItem?> list)
                count += list.Count;
        }

        return count;
    }

    private void Collect(OperationRun run, int index, ref TItem?[] into, ref int length)
    {
        var start = length;
        try
        {
            if (Values[index] is ICollection<TItem?> list)
            {
                var count = list.Count;
                if (into.Length - length < count)
                    Array.Resize(ref into, Math.Max(2 * into.Length, length + count));
                list.CopyTo(into, length);
                length += count;
                return;
            }

            foreach (var item in (IEnumerable<TItem?>)Values[index]!)
            {
                if (length == into.Length)
                    Array.Resize(ref into, Math.Max(2 * length, FirstItems));
                into[length++] = item;
            }
        }
        catch (Exception exception)
        {
            length = start;
            Fail(run, index, exception);
        }
    }
}
