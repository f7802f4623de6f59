using System.Runtime.CompilerServices;
using Chat.TestSurface;

namespace Chat.EventStore.Tests;

public sealed class PublicSurfaceTests
{
    [Fact]
    public void It_is_as_the_ledger_says() =>
        PublicSurface.ShouldBeAsWritten(typeof(EventStore).Assembly, Path.Combine(Here(), "public-surface.txt"));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
