namespace Chat.GraphQL.Tests;

/// <summary>The token that ends a test when the runner does.</summary>
internal static class Cancel
{
    public static CancellationToken Test => TestContext.Current.CancellationToken;
}
