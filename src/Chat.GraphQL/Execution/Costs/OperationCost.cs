using System.Globalization;

namespace Chat.GraphQL;

/// <summary>
/// Decides before an operation runs whether it asks for too much. What does not depend on variables is decided once.
/// </summary>
internal sealed class OperationCost
{
    private readonly ExecutableDocument document;
    private readonly CostTerm total;
    private readonly PageSize[] variablePages;
    private readonly int max;
    private readonly GraphQLError? refusal;

    public OperationCost(ExecutableDocument document, CostTerm total, IReadOnlyList<PageSize> pages, int max)
    {
        this.document = document;
        this.total = total;
        this.max = max;
        variablePages = [.. pages.Where(page => !page.IsConstant)];
        refusal = pages.Where(page => page.IsConstant)
            .Select(page => page.Check(VariableValues.None, document)).FirstOrDefault(error => error is not null) ??
            (total.IsConstant ? CheckTotal(VariableValues.None) : null);
    }

    /// <summary>
    /// The error of a request that asks for too large a page (<see cref="GraphQLOptions.MaxPageSize"/>) or too much
    /// altogether (<see cref="GraphQLOptions.MaxCost"/>).
    /// </summary>
    public GraphQLError? Check(VariableValues variables)
    {
        if (refusal is not null)
            return refusal;
        foreach (var page in variablePages)
        {
            if (page.Check(variables, document) is { } error)
                return error;
        }

        return total.IsConstant ? null : CheckTotal(variables);
    }

    /// <summary>
    /// How often the operation may be executed together with itself, so that all of it costs what one operation may:
    /// once at least, and at most as often as said.
    /// </summary>
    public int TimesAffordable(VariableValues variables, int most) =>
        (int)Math.Clamp(max / TotalFor(variables), 1, most);

    private double TotalFor(VariableValues variables) => Math.Ceiling(total.For(variables));

    private GraphQLError? CheckTotal(VariableValues variables)
    {
        var cost = TotalFor(variables);
        // What is passed through many lists may cost more than any number of this size.
        if (cost <= max || max == int.MaxValue)
            return null;
        var text = string.Create(
            CultureInfo.InvariantCulture, $"The operation may cost {cost:F0}, which is more than {max}.");
        return new GraphQLError(text)
        {
            Code = ErrorCodes.OperationTooCostly,
            Extensions = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["cost"] = cost,
                ["maximum"] = max,
            },
        };
    }
}
