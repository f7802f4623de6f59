namespace Chat.GraphQL;

/// <summary>Joins the arguments of a page.</summary>
internal sealed class PagingBinding(
    ArgumentBinding first, ArgumentBinding after, ArgumentBinding last, ArgumentBinding before) : ParameterBinding
{
    public static readonly IReadOnlyList<(string Name, GraphQLType Type, string Description)> Arguments =
    [
        ("first", Scalars.Int, "Items from the start of the list."),
        ("after", Scalars.String, "The cursor that the page begins after."),
        ("last", Scalars.Int, "Items from the end of the list."),
        ("before", Scalars.String, "The cursor that the page ends before."),
    ];

    public override ViewerUse Viewer => ViewerUse.None;

    public override bool UsesArgument(int argument) =>
        first.UsesArgument(argument) || after.UsesArgument(argument) ||
        last.UsesArgument(argument) || before.UsesArgument(argument);

    public override object? Bind(OperationRun run, object?[] arguments)
    {
        var paging = new PagingArguments(
            (int?)first.Bind(run, arguments), (string?)after.Bind(run, arguments),
            (int?)last.Bind(run, arguments), (string?)before.Bind(run, arguments));
        if (paging.First < 0)
            throw Invalid("first", "must not be negative");
        if (paging.Last < 0)
            throw Invalid("last", "must not be negative");
        if (paging is { First: not null, Last: not null })
            throw Invalid("last", "cannot be given together with first");
        return paging;
    }

    private static GraphQLException Invalid(string argument, string problem) => new(
        $"{argument} {problem}.", ErrorCodes.InvalidInput,
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["field"] = argument });
}
