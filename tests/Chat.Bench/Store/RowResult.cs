namespace Chat.Bench.Store;

/// <summary>One line of the table.</summary>
/// <param name="Work">What was done.</param>
/// <param name="Unit">Of what was measured and of the ceiling.</param>
/// <param name="Measured">With the store.</param>
internal sealed record RowResult(string Work, string Unit, Figure Measured)
{
    /// <summary>What stands beside it: a plain program, or the same work under other conditions.</summary>
    public Ceiling? Beside { get; init; }

    /// <summary>What must be reached, each with whether it is.</summary>
    public IReadOnlyList<Requirement> Requirements { get; init; } = [];

    /// <summary>What else there is to know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public bool IsMet => Requirements.All(one => one.IsMet);
}

/// <summary>What a figure is compared with, measured in the same rounds.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Figure">Of the same unit.</param>
/// <param name="Ratio">Measured through this, round by round: what slows one round slows both.</param>
internal sealed record Ceiling(string Name, Figure Figure, Figure Ratio)
{
    public static Ceiling Of(string name, IReadOnlyList<double> measured, IReadOnlyList<double> beside) =>
        new(name, Figure.Of(beside), Figure.Of(measured.Zip(beside, (one, other) => one / other)));
}

/// <summary>Something that must be reached.</summary>
internal sealed record Requirement(string Text, bool IsMet)
{
    public static Requirement Ratio(double least, Ceiling ceiling) =>
        new(FormattableString.Invariant($"ratio >= {least:0.##}"), ceiling.Ratio.Median >= least);

    public static Requirement AtLeast(double least, string unit, Figure measured) =>
        new(FormattableString.Invariant($">= {least:N0} {unit}"), measured.Median >= least);

    public static Requirement AtMost(double most, string what, double measured) =>
        new(FormattableString.Invariant($"{what} <= {most:0.##}"), measured <= most);
}
