using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Chat.GraphQL.Tests.Types;

/// <summary>Parts of an application that do not know of each other add to one server.</summary>
public sealed class ModulesTests
{
    [Fact]
    public void What_one_part_adds_another_does_not_take_away()
    {
        var services = new ServiceCollection();
        services.AddGraphQLServer(options => options.MaxDepth = 3).AddType(typeof(One));
        services.AddGraphQLServer(options => options.MaxFields = 7).AddType(typeof(Other));
        using var provider = services.BuildServiceProvider();
        SchemaPrinter.Print(provider.GetRequiredService<GraphQLExecutor>().Schema)
            .ShouldBe("type Query {\n  one: Int!\n  other: Int!\n}\n");
        var options = provider.GetServices<GraphQLOptions>().ShouldHaveSingleItem();
        (options.MaxDepth, options.MaxFields).ShouldBe((3, 7));
        Should.Throw<OptionsValidationException>(() => services.AddGraphQLServer(options => options.MaxDepth = 0));
    }

    [QueryType]
    public static class One
    {
        [GraphQLName("one")]
        public static int Value => 1;
    }

    [QueryType]
    public static class Other
    {
        [GraphQLName("other")]
        public static int Value => 2;
    }
}
