using System.Text;
using Chat.GraphQL.Tests.Limits;

namespace Chat.GraphQL.Tests.Types;

/// <summary>Lists and non-null types of lists, of which there is one at a time.</summary>
[Collection(nameof(Measured))]
public sealed class WrappingTypesTests
{
    private const int Documents = 300;
    private const int Variables = 35;
    private const int Depth = 90;
    private const long KeptBytesMax = 5 * 1024 * 1024;

    [Fact]
    public async Task Those_that_only_requests_asked_for_go_with_them()
    {
        await using var server = InProcess.With(builder => builder.AddType(typeof(Queries)));
        var random = new Random(1);
        Refuse(server, random);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Documents; i++)
            Refuse(server, random);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(KeptBytesMax);
    }

    [Fact]
    public void There_is_one_at_a_time()
    {
        var made = new ListType(Scalars.Int).List;
        made.OfType.List.ShouldBeSameAs(made);
        Scalars.Int.NonNull.List.ShouldBeSameAs(Scalars.Int.NonNull.List);
    }

    private static void Refuse(InProcess server, Random random)
    {
        var text = new StringBuilder("query (");
        for (var variable = 0; variable < Variables; variable++)
        {
            var type = "Int";
            for (var depth = 0; depth < Depth; depth++)
                type = random.Next(2) == 0 ? $"[{type}]" : $"[{type}!]";
            text.Append("$v").Append(variable).Append(": ").Append(type).Append(' ');
        }

        server.Executor.Prepare(new GraphQLRequest(text.Append(") { one }").ToString(), null, default), out _)
            .ShouldBeNull();
    }

    [QueryType]
    public static class Queries
    {
        public static int One() => 1;
    }
}
