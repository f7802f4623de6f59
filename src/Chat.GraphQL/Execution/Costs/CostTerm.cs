namespace Chat.GraphQL;

/// <summary>
/// The cost of selections: what is the same for all requests, added up; lists whose size a variable tells; and groups
/// of selections on different object types, of which the dearest counts, for an object is of one type.
/// </summary>
internal sealed record CostTerm(double Constant, CostTerm.Part[] Lists, CostTerm[][] Alternatives)
{
    public bool IsConstant => Lists.Length == 0 && Alternatives.Length == 0;

    public static CostTerm Of(double constant) => new(constant, [], []);

    /// <summary>The cost for a request.</summary>
    public double For(VariableValues variables)
    {
        var cost = Constant;
        foreach (var (size, items) in Lists)
            cost += size.For(variables) * items.For(variables);
        foreach (var group in Alternatives)
        {
            var dearest = 0d;
            foreach (var alternative in group)
                dearest = Math.Max(dearest, alternative.For(variables));
            cost += dearest;
        }

        return cost;
    }

    public CostTerm Plus(CostTerm other) => new(
        Constant + other.Constant, [.. Lists, .. other.Lists], [.. Alternatives, .. other.Alternatives]);

    /// <summary>Adds a list with the cost of its items.</summary>
    public CostTerm Plus(PageSize size, CostTerm items) => size.IsConstant
        ? Plus(items.Times(size.For(VariableValues.None)))
        : this with { Lists = [.. Lists, new Part(size, items)] };

    public CostTerm Times(double factor) => new(
        Constant * factor,
        [.. Lists.Select(list => list with { Items = list.Items.Times(factor) })],
        [.. Alternatives.Select(group => group.Select(one => one.Times(factor)).ToArray())]);

    /// <summary>Adds selections on different object types.</summary>
    public CostTerm PlusDearestOf(CostTerm[] alternatives)
    {
        if (alternatives.Length == 0)
            return this;
        return Array.TrueForAll(alternatives, alternative => alternative.IsConstant)
            ? this with { Constant = Constant + alternatives.Max(alternative => alternative.Constant) }
            : this with { Alternatives = [.. Alternatives, alternatives] };
    }

    /// <summary>A list that has as many items as a variable says.</summary>
    internal readonly record struct Part(PageSize Size, CostTerm Items);
}
