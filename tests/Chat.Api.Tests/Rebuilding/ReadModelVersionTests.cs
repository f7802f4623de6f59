using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Chat.Projections;

namespace Chat.Api.Tests.Rebuilding;

/// <summary>
/// A server makes the read models anew only where their version tells it to: other tables under the same version would
/// be missing columns on every database that is there already.
/// </summary>
public sealed partial class ReadModelVersionTests
{
    [Fact]
    public async Task Other_tables_have_a_higher_version()
    {
        using var script = new StreamReader(typeof(ReadModels).Assembly
            .GetManifestResourceStream("Chat.Projections.Schema.read-models.sql")!);
        var statements = Blank().Replace(
            Comment().Replace(await script.ReadToEndAsync(TestContext.Current.CancellationToken), ""), " ");
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(statements)))[..16];

        (new ReadModels().Version, digest).ShouldBe(
            (2, "62e1d7d96372cbd9"), "Raise ReadModels.ModelVersion when the tables change, and write both here.");
    }

    [GeneratedRegex("--.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
