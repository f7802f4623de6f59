using System.Diagnostics;

namespace Chat.GraphQL.Tests.Oracle;

/// <summary>Runs the scripts of tests/graphql-oracle, which ask the JavaScript reference implementation.</summary>
internal static class ReferenceImplementation
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(FindRoot(), "tests", "graphql-oracle"));
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    public static async Task<string> RunAsync(string script, string input)
    {
        await Installed.Value;
        return await StartAsync("node", script, input);
    }

    private static Task InstallAsync() => Directory.Exists(Path.Combine(Folder, "node_modules", "graphql"))
        ? Task.CompletedTask
        : StartAsync("npm", "ci --no-audit --no-fund", "");

    private static async Task<string> StartAsync(string command, string arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{command} {arguments}");
        return await output;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Chat.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
