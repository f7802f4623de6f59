namespace Chat.GraphQL;

/// <summary>How many items a selected field asks for: by its arguments, which may be variables, or assumed.</summary>
internal sealed class PageSize
{
    private readonly FieldNode node;
    private readonly int max;
    private readonly int assumed;
    private readonly (string Argument, string Variable, int? Default)[] fromVariables;
    private readonly (string Argument, long Size)? largestConstant;

    private PageSize(FieldNode node, Argument[] slicing, int max, int assumed)
    {
        this.node = node;
        this.max = max;
        this.assumed = assumed;
        var found = new List<(string, string, int?)>();
        foreach (var argument in slicing)
        {
            var literal = Array.Find(node.Arguments, given => given.Name.Value == argument.Name)?.Value;
            if (literal is VariableNode variable)
                found.Add((argument.Name, variable.Name.Value, (int?)SizeOf(argument.DefaultLiteral)));
            else if (SizeOf(literal ?? argument.DefaultLiteral) is { } size && !(size <= largestConstant?.Size))
                largestConstant = (argument.Name, size);
        }

        fromVariables = [.. found];
    }

    /// <summary>The arguments of the field that tell a page's size.</summary>
    public static Argument[] SlicingArgumentsOf(Field field) => [.. field.Arguments.Where(argument =>
        (argument.Type.Nullable == Scalars.Int || argument.Type.Nullable == Scalars.Long) &&
        field.ListSize.SlicingArguments.Contains(argument.Name, StringComparer.Ordinal))];

    public static PageSize Of(Field field, FieldNode node, Argument[] slicing, GraphQLOptions options) => new(
        node, slicing, field.ListSize.MaxSize ?? options.MaxPageSize,
        field.ListSize.AssumedSize ?? options.AssumedListSize);

    /// <summary>Whether it is the same for all requests.</summary>
    public bool IsConstant => fromVariables.Length == 0;

    /// <summary>The number of items; at least 1, for what a resolver makes of less is its own.</summary>
    public long For(VariableValues variables) => Math.Max(Largest(variables)?.Size ?? assumed, 1);

    /// <summary>The error of a page that is larger than it may be.</summary>
    public GraphQLError? Check(VariableValues variables, ExecutableDocument document) =>
        Largest(variables) is { } asked && asked.Size > max
            ? new GraphQLError($"\"{asked.Argument}\" of the field \"{node.Name.Value}\" must be at most {max}.")
            {
                Code = ErrorCodes.PageTooLarge,
                Locations = [document.LocationOf(node)],
                Extensions = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["field"] = asked.Argument,
                    ["maximum"] = max,
                },
            }
            : null;

    private (string Argument, long Size)? Largest(VariableValues variables)
    {
        var largest = largestConstant;
        foreach (var (argument, variable, byDefault) in fromVariables)
        {
            var size = variables.TryGet(variable, out var value) ? SizeOf(value) : byDefault;
            if (size is not null && !(size <= largest?.Size))
                largest = (argument, size.Value);
        }

        return largest;
    }

    private static long? SizeOf(object? value) => value switch
    {
        int number => number,
        long number => number,
        _ => null,
    };

    private static long? SizeOf(ValueNode? literal) =>
        literal is IntValueNode { Value: var digits } &&
        long.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out var size) ? size : null;
}
