namespace Chat.GraphQL.Tests;

/// <summary>Finds files of the repository that the tests are built in.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string File(params ReadOnlySpan<string> path) => Path.Combine([Root, .. path]);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "Chat.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
