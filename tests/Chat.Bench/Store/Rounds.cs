namespace Chat.Bench.Store;

/// <summary>Two things measured by turns: the machine is noisy, and what slows one slows the other too.</summary>
internal sealed record Rounds<T>(IReadOnlyList<T> First, IReadOnlyList<T> Second)
{
    /// <summary>Measures both in each round.</summary>
    /// <param name="count">How many rounds count; one before them does not: it compiles the code.</param>
    /// <param name="first">Measures the one.</param>
    /// <param name="second">Measures the other, which may need what the one of its round gave.</param>
    public static async Task<Rounds<T>> RunAsync(int count, Func<Task<T>> first, Func<T, Task<T>> second)
    {
        var (firsts, seconds) = (new List<T>(count), new List<T>(count));
        for (var round = 0; round <= count; round++)
        {
            var one = await first();
            var other = await second(one);
            if (round == 0)
                continue;
            firsts.Add(one);
            seconds.Add(other);
        }

        return new(firsts, seconds);
    }

    public Ceiling Compare(string name, Func<T, double> value) =>
        Ceiling.Of(name, [.. First.Select(value)], [.. Second.Select(value)]);
}
