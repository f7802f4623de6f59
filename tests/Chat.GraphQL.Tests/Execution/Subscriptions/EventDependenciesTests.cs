using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution.Subscriptions;

/// <summary>Whether a response depends on the viewer is found wherever a field may hide that does.</summary>
public sealed class EventDependenciesTests
{
    [Theory]
    [InlineData("item { id __typename }", ViewerUse.None)]
    [InlineData("item { ... on One { own } ... on Two { id } }", ViewerUse.None)]
    [InlineData("item { ... on Two { own } }", ViewerUse.PerRow)]
    [InlineData("item { ... { ... on Two { own } } }", ViewerUse.PerRow)]
    [InlineData("item { ...Deep }", ViewerUse.PerRow)]
    [InlineData("item { shown }", ViewerUse.PerRow)]
    [InlineData("item { next { next { shown } } }", ViewerUse.PerRow)]
    [InlineData("item { next { next { id } } }", ViewerUse.None)]
    [InlineData("found { ... on Two { own } }", ViewerUse.PerRow)]
    [InlineData("found { ... on One { own } }", ViewerUse.None)]
    [InlineData("found { ... on Item { shown } }", ViewerUse.PerRow)]
    [InlineData("seen { id }", ViewerUse.PerRow)]
    [InlineData("item { shown next { http } }", ViewerUse.PerRun)]
    [InlineData("item { id @skip(if: true) shown @include(if: false) }", ViewerUse.PerRow)]
    public async Task The_worst_field_counts(string selection, object use)
    {
        var query = $"subscription {{ {selection} }}";
        if (selection.Contains("...Deep", StringComparison.Ordinal))
            query += " fragment Deep on Item { next { ...Deeper } } fragment Deeper on Item { ... on Two { own } }";
        (await PlanAsync(query)).EventDependencies.Viewer.ShouldBe((ViewerUse)use);
    }

    [Theory]
    [InlineData("""{ "a": 1 }""", """{ "a": 2 }""", true)]
    [InlineData("""{ "b": 1 }""", """{ "b": 2 }""", false)]
    [InlineData("""{ "b": 1, "c": 1 }""", """{ "b": 1, "c": 11 }""", false)]
    [InlineData("""{ "b": 1 }""", """{ "b": null }""", false)]
    [InlineData("""{ "b": null }""", """{ }""", false)]
    public async Task Variables_that_form_the_response_tell_apart(string one, string other, bool isSame)
    {
        var plan = await PlanAsync(
            "subscription ($a: Int, $b: Int, $c: Int) " +
            "{ item(after: $a) { next(skip: $b) { next(skip: $c) { id } } } }");
        var key = plan.EventDependencies.KeyOf(JsonElement.Parse(one));
        (key == plan.EventDependencies.KeyOf(JsonElement.Parse(other))).ShouldBe(isSame);
    }

    private static async Task<OperationPlan> PlanAsync(string query)
    {
        await using var server = InProcess.With(builder =>
        {
            Type[] types =
            [
                typeof(NewsQueries), typeof(Subscriptions), typeof(One), typeof(Two), typeof(ItemFields),
                typeof(TwoFields),
            ];
            foreach (var type in types)
                builder.AddType(type);
            builder.Services.AddHttpContextAccessor();
        });
        var operation = server.Executor.Prepare(new GraphQLRequest(query, null, default), out var errors);
        return operation.ShouldNotBeNull(string.Join("; ", errors.Select(error => error.Message))).Plan;
    }

    [UnionType]
    public interface IFound;

    [InterfaceType]
    public interface IItem
    {
        int Id { get; }

        string? Shown { get; }
    }

    [ObjectType]
    public sealed record One(int Id, string? Shown, string? Own) : IItem, IFound;

    [ObjectType]
    public sealed record Two(int Id) : IItem, IFound
    {
        public string? Shown => null;
    }

    [InterfaceType<IItem>]
    public static class ItemFields
    {
        public static IItem? Next([Parent] IItem item, int? skip) => skip is null ? item : null;

        public static bool Http(IHttpContextAccessor http) => http.HttpContext is not null;
    }

    [ObjectType<Two>]
    public static class TwoFields
    {
        public static string? Own([GlobalState] string? viewer) => viewer;

        public static string? Shown([GlobalState] string? viewer) => viewer;
    }

    [SubscriptionType]
    public static class Subscriptions
    {
        public static IAsyncEnumerable<One> Open(int? after) => AsyncEnumerable.Empty<One>();

        [Subscribe(With = nameof(Open), IsShared = true)]
        public static IItem Item([EventMessage] One item) => item;

        [Subscribe(With = nameof(Open), IsShared = true)]
        public static IFound Found([EventMessage] One item) => item;

        [Subscribe(With = nameof(Open), IsShared = true)]
        public static IItem Seen([EventMessage] One item, [GlobalState] string? viewer) => item;
    }
}
