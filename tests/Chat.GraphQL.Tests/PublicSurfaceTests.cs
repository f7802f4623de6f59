using System.Runtime.CompilerServices;
using Chat.TestSurface;

namespace Chat.GraphQL.Tests;

public sealed class PublicSurfaceTests
{
    [Fact]
    public void It_is_as_the_ledger_says() =>
        PublicSurface.ShouldBeAsWritten(typeof(GraphQLBuilder).Assembly, Path.Combine(Here(), "public-surface.txt"));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
