using Chat.Bench.Store;

namespace Chat.Bench.GraphQL;

/// <summary>One line of the table: the same work on several servers.</summary>
/// <param name="Work">What was done, and the unit.</param>
/// <param name="Measured">By server, a value per round.</param>
internal sealed record RowResult(string Work, IReadOnlyDictionary<ServerKind, List<double>> Measured)
{
    /// <summary>What must be reached, each with whether it is.</summary>
    public IReadOnlyList<Requirement> Requirements { get; init; } = [];

    /// <summary>What else there is to know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public bool IsMet => Requirements.All(one => one.IsMet);

    public Figure? FigureOf(ServerKind server) =>
        Measured.TryGetValue(server, out var values) ? Figure.Of(values) : null;

    /// <summary>Ours through another's, round by round: what slows one round slows both.</summary>
    public Figure? RatioTo(ServerKind server) => Measured.TryGetValue(server, out var values)
        ? Figure.Of(Measured[ServerKind.Ours].Zip(values, (ours, other) => ours / other))
        : null;

    /// <summary>Ours must not be more.</summary>
    public RowResult AtMost(double most) =>
        Require(FormattableString.Invariant($"<= {most:0.##}"), FigureOf(ServerKind.Ours)!.Median <= most);

    /// <summary>Ours must not be more than this part of another's.</summary>
    public RowResult AtMost(double most, ServerKind of) =>
        Require(FormattableString.Invariant($"<= {most:0.##} x {of.Name}"), RatioTo(of)!.Median <= most);

    public RowResult Require(string text, bool isMet) =>
        this with { Requirements = [.. Requirements, new Requirement(text, isMet)] };
}
