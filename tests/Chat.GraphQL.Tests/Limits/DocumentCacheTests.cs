namespace Chat.GraphQL.Tests.Limits;

/// <summary>The memory of cached documents is bounded, and the estimate of it is near the truth.</summary>
[Collection(nameof(Measured))]
public sealed class DocumentCacheTests
{
    [Fact]
    public async Task Documents_are_kept_up_to_a_number_of_bytes()
    {
        var one = await BytesOfAsync("{ a0: count }");
        await using var server = Server(options => options.MaxCachedDocumentBytes = (int)(3 * one) + 10);
        for (var i = 0; i < 10; i++)
            await server.TextAsync($"{{ a{i}: count }}");
        server.Executor.Documents.Count.ShouldBe(3);
        server.Executor.Documents.Bytes.ShouldBe(3 * one);
        server.Executor.Documents.Find("{ a9: count }").ShouldNotBeNull();
        server.Executor.Documents.Find("{ a6: count }").ShouldBeNull();
    }

    [Fact]
    public async Task What_is_too_large_alone_is_not_kept()
    {
        await using var server = Server(options => options.MaxCachedDocumentBytes = 10_000);
        await server.TextAsync("{ count }");
        await server.TextAsync($"{{ count }} #{new string('x', 10_000)}");
        server.Executor.Documents.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Plans_count()
    {
        await using var server = Server();
        const string document =
            "query($a: Boolean!, $b: Boolean!) { x: count @skip(if: $a) y: count @skip(if: $b) z: count }";
        await server.TextAsync(document, new { a = false, b = false });
        var before = server.Executor.Documents.Bytes;
        await server.TextAsync(document, new { a = false, b = false });
        server.Executor.Documents.Bytes.ShouldBe(before, "the plan is used again");
        await server.TextAsync(document, new { a = true, b = false });
        server.Executor.Documents.Bytes.ShouldBeGreaterThan(before);
    }

    [Fact]
    public async Task The_estimate_is_near_the_truth()
    {
        await using var server = Server();
        await server.TextAsync(Document(0));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var estimated = server.Executor.Documents.Bytes;
        for (var i = 1; i <= 300; i++)
            await server.TextAsync(Document(i));
        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        estimated = server.Executor.Documents.Bytes - estimated;
        (taken / (double)estimated).ShouldBeInRange(0.3, 1.5, $"{taken} bytes, estimated as {estimated}");

        static string Document(int i) =>
            $"query q{i}($n: Int) {{ {string.Join(' ', Enumerable.Range(0, 15).Select(j =>
                $"a{j}: count(number: $n) n{j}: node {{ name level }}"))} }}";
    }

    private static async Task<long> BytesOfAsync(string document)
    {
        await using var server = Server();
        await server.TextAsync(document);
        return server.Executor.Documents.Bytes;
    }

    private static InProcess Server(Action<GraphQLOptions>? options = null) =>
        InProcess.With(builder => builder.AddHostile(), options);
}
