namespace Chat.GraphQL;

/// <summary>
/// The column of a protected field: an error where the user may not see it, the field's own elsewhere.
/// </summary>
internal sealed class AuthorizedColumn(Frame frame, FieldPlan plan, FieldResolver resolver)
    : Column(frame, plan, null)
{
    private const int Refused = -1;

    private readonly int[] rows = new int[frame.Parents.Length];
    private Column? allowed;

    /// <summary>Reports the refusals and resolves the other rows.</summary>
    public void Open(OperationRun run, GraphQLException?[]? refusals)
    {
        var open = new List<int>(rows.Length);
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = refusals?[row] is null ? open.Count : Refused;
            if (refusals?[row] is { } refusal)
                run.Report(refusal, this, row);
            else
                open.Add(row);
        }

        if (open.Count > 0)
            allowed = resolver.Resolve(run, open.Count == rows.Length ? Frame : Frame.Take(open), Plan);
    }

    /// <summary>Reports that it could not be decided.</summary>
    public void Fail(OperationRun run, Exception exception)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = Refused;
            run.Report(exception, this, row);
        }
    }

    public override bool BubblesNull(int index) => rows[index] == Refused
        ? Plan.Field.Type is NonNullType
        : allowed!.BubblesNull(rows[index]);

    public override bool Write(OperationRun run, JsonBuffer json, int index)
    {
        if (rows[index] != Refused)
            return allowed!.Write(run, json, rows[index]);
        if (Plan.Field.Type is NonNullType)
            return false;
        json.Null();
        return true;
    }
}
