using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>How operations run: in order, in time, with services of their own.</summary>
public sealed class OperationTests
{
    [Fact]
    public async Task Mutations_run_one_after_the_other_with_all_below_them()
    {
        await using var server = Server();
        await server.TextAsync("mutation { a: step(name: \"a\") { below } b: step(name: \"b\") { below } }");
        server.Service<Trace>().ShouldBe(["begin a", "end a", "below a", "begin b", "end b", "below b"]);
    }

    [Fact]
    public async Task Queries_run_side_by_side()
    {
        await using var server = Server();
        (await server.TextAsync("{ first second }")).ShouldBe("""{"data":{"first":"met","second":"met"}}""");
    }

    [Fact]
    public async Task An_operation_has_a_limited_time_and_its_token_fires()
    {
        await using var server = Server(options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        (await server.TextAsync("{ slow }")).ShouldBe(
                "{\"errors\":[{\"message\":\"The operation took longer than 1 seconds.\"," +
                "\"extensions\":{\"code\":\"REQUEST_TIMEOUT\"}}]}");
        (await server.Service<Rendezvous>().Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel.Test))
            .ShouldBeTrue();
    }

    [Fact]
    public async Task A_resolver_that_ignores_its_token_is_left_behind_and_its_services_live_on()
    {
        await using var server = Server(options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        (await server.TextAsync("{ stubborn }")).ShouldContain(ErrorCodes.RequestTimeout);
        var meeting = server.Service<Rendezvous>();
        meeting.ScopeDisposed.Task.IsCompleted.ShouldBeFalse();
        meeting.LetGo.SetResult();
        await meeting.ScopeDisposed.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel.Test);
    }

    [Fact]
    public async Task Resolvers_of_an_operation_share_a_scope_and_state()
    {
        await using var server = Server();
        server.State["caller"] = "ann";
        (await server.TextAsync("{ a: scopeAndCaller b: scopeAndCaller }"))
            .ShouldBe("""{"data":{"a":"1 ann","b":"1 ann"}}""");
        server.State.Clear();
        (await server.TextAsync("{ scopeAndCaller }")).ShouldBe("""{"data":{"scopeAndCaller":"2 nobody"}}""");
        (await server.TextAsync("{ needsCaller }")).ShouldContain("INTERNAL");
    }

    [Fact]
    public async Task Documents_are_prepared_once_and_kept_within_a_number()
    {
        await using var server = Server(options => options.MaxCachedDocuments = 3);
        for (var i = 0; i < 10; i++)
            await server.TextAsync($"{{ a{i}: first second }}");
        server.Executor.Documents.Count.ShouldBe(3);
        var newest = server.Executor.Documents.Find("{ a9: first second }");
        newest.ShouldNotBeNull();
        await server.TextAsync("{ a9: first second }");
        server.Executor.Documents.Find("{ a9: first second }").ShouldBeSameAs(newest);
        await server.TextAsync("{ nope }");
        server.Executor.Documents.Find("{ nope }").ShouldBeNull();
    }

    [Fact]
    public async Task Fragments_and_aliases_merge_into_one_response()
    {
        await using var server = Server();
        (await server.TextAsync(
            "{ ...f x: first ... on Query { second } __typename } fragment f on Query { second first first }"))
            .ShouldBe("""{"data":{"second":"met","first":"met","x":"met","__typename":"Query"}}""");
    }

    private static InProcess Server(Action<GraphQLOptions>? options = null) => InProcess.With(
        builder =>
        {
            builder.AddType(typeof(Queries)).AddType(typeof(Mutations)).AddType(typeof(StepFields));
            builder.Services.AddSingleton<Trace>().AddSingleton<Rendezvous>().AddScoped<ScopeNumber>();
        },
        options);

    public sealed class Trace : ConcurrentQueue<string>;

    public sealed class Rendezvous
    {
        public TaskCompletionSource Here { get; } = new();

        public TaskCompletionSource There { get; } = new();

        public TaskCompletionSource LetGo { get; } = new();

        public TaskCompletionSource<bool> Cancelled { get; } = new();

        public TaskCompletionSource ScopeDisposed { get; } = new();

        public int Scopes { get; set; }
    }

    public sealed class ScopeNumber(Rendezvous meeting) : IDisposable
    {
        public int Number { get; } = ++meeting.Scopes;

        public void Dispose() => meeting.ScopeDisposed.TrySetResult();
    }

    [QueryType]
    public static class Queries
    {
        public static async Task<string> First(Rendezvous meeting)
        {
            meeting.Here.TrySetResult();
            await meeting.There.Task;
            return "met";
        }

        public static async Task<string> Second(Rendezvous meeting)
        {
            meeting.There.TrySetResult();
            await meeting.Here.Task;
            return "met";
        }

        public static async Task<string> Slow(Rendezvous meeting, CancellationToken ct)
        {
            await using var registration = ct.Register(() => meeting.Cancelled.TrySetResult(true));
            await Task.Delay(TimeSpan.FromMinutes(1), ct);
            return "done";
        }

        public static async Task<string> Stubborn(Rendezvous meeting, ScopeNumber scope)
        {
            await meeting.LetGo.Task;
            return $"{scope.Number}";
        }

        public static string ScopeAndCaller(ScopeNumber scope, [GlobalState] string? caller) =>
            $"{scope.Number} {caller ?? "nobody"}";

        public static string? NeedsCaller([GlobalState("caller")] string who) => who;
    }

    public sealed record Step(string Name);

    [ObjectType<Step>]
    public static class StepFields
    {
        public static async Task<string> BelowAsync([Parent] Step step, Trace trace)
        {
            await Task.Yield();
            trace.Enqueue($"below {step.Name}");
            return step.Name;
        }
    }

    [MutationType]
    public static class Mutations
    {
        public static async Task<Step> StepAsync(string name, Trace trace)
        {
            trace.Enqueue($"begin {name}");
            await Task.Delay(5);
            trace.Enqueue($"end {name}");
            return new Step(name);
        }
    }
}
