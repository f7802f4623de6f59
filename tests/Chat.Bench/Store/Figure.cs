using System.Globalization;

namespace Chat.Bench.Store;

/// <summary>The same thing measured several times.</summary>
internal sealed record Figure(double Median, double Min, double Max)
{
    public static Figure Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new(median, sorted[0], sorted[^1]);
    }

    /// <summary>Median (least to greatest).</summary>
    public override string ToString()
    {
        var format = Median switch { >= 100 => "N0", >= 10 => "F1", _ => "F2" };
        return $"{Text(Median)} ({Text(Min)} to {Text(Max)})";

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}
