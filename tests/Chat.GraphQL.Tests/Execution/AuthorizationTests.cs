using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>[Authorize] on fields and types, decided by ASP.NET Core's authorization.</summary>
public sealed class AuthorizationTests : IAsyncDisposable
{
    private readonly InProcess server = InProcess.With(builder =>
    {
        Type[] types =
        [
            typeof(Queries), typeof(Guarded), typeof(DocumentFields), typeof(FileFields), typeof(IOwned), typeof(Note),
            typeof(Mutations), typeof(Subscriptions),
        ];
        Array.ForEach(types, type => builder.AddType(type));
        builder.Services.AddAuthorization(options =>
        {
            options.AddPolicy("Counted", policy => policy.AddRequirements(new Counted()));
            options.AddPolicy("Broken", policy => policy.RequireAssertion(
                bool (_) => throw new InvalidOperationException()));
            options.AddPolicy("Slow", policy => policy.AddRequirements(new Slow()));
            options.AddPolicy("Owner", policy => policy.AddRequirements(new Owner()));
        });
        builder.Services.AddSingleton<IAuthorizationHandler, CountedHandler>();
        builder.Services.AddSingleton<IAuthorizationHandler, SlowHandler>();
        builder.Services.AddSingleton<IAuthorizationHandler, OwnerHandler>();
    });

    private readonly List<string> resolved = [];

    public AuthorizationTests() => server.State["resolved"] = resolved;

    [Theory]
    [InlineData(null, "{ signedIn }", "UNAUTHENTICATED")]
    [InlineData("bob", "{ signedIn }", null)]
    [InlineData("bob", "{ forAdmins }", "FORBIDDEN")]
    [InlineData(null, "{ forAdmins }", "UNAUTHENTICATED")]
    [InlineData("root", "{ forAdmins }", null)]
    [InlineData("bob", "{ broken }", "INTERNAL")]
    [InlineData(null, "{ byAspNetCore }", "UNAUTHENTICATED")]
    [InlineData(null, "{ ofGuardedClass }", "UNAUTHENTICATED")]
    [InlineData("bob", "{ ofGuardedClass }", null)]
    [InlineData(null, "{ open }", null)]
    [InlineData(null, "{ slow }", "UNAUTHENTICATED")]
    [InlineData("bob", "{ slow }", null)]
    [InlineData("bob", "{ both }", "FORBIDDEN")]
    [InlineData(null, "mutation { change }", "UNAUTHENTICATED")]
    [InlineData("bob", "mutation { change }", null)]
    public async Task It_is_decided_before_the_resolver(string? name, string query, string? code)
    {
        SignIn(name);
        var response = await server.ExecuteAsync(query);
        CodesOf(response).ShouldBe(code is null ? [] : [code]);
        resolved.Count.ShouldBe(code is null ? 1 : 0);
    }

    [Fact]
    public async Task A_type_that_is_protected_protects_all_its_fields()
    {
        var response = await server.ExecuteAsync("{ document { __typename title pages } }");
        response.GetProperty("data").GetRawText()
            .ShouldBe("""{"document":{"__typename":"Document","title":null,"pages":null}}""");
        CodesOf(response).ShouldBe(["UNAUTHENTICATED", "UNAUTHENTICATED"]);
        resolved.ShouldBeEmpty();

        SignIn("bob");
        (await server.TextAsync("{ document { title pages } }"))
            .ShouldBe("""{"data":{"document":{"title":"t","pages":3}}}""");
    }

    [Fact]
    public async Task What_a_property_overrides_protects_it()
    {
        var response = await server.ExecuteAsync("{ safe { secret } }");
        CodesOf(response).ShouldBe(["UNAUTHENTICATED"]);
        SignIn("bob");
        (await server.TextAsync("{ safe { secret } }")).ShouldBe("""{"data":{"safe":{"secret":"deeper"}}}""");
    }

    [Fact]
    public async Task What_an_interface_protects_is_protected_in_its_types()
    {
        var response = await server.ExecuteAsync("{ note { owner text } }");
        response.GetProperty("data").GetRawText().ShouldBe("""{"note":{"owner":null,"text":"n"}}""");
        CodesOf(response).ShouldBe(["UNAUTHENTICATED"]);
    }

    [Fact]
    public async Task A_refusal_of_a_field_that_cannot_be_null_bubbles_up()
    {
        var response = await server.ExecuteAsync("{ vault { secret } }");
        response.GetProperty("data").GetRawText().ShouldBe("""{"vault":null}""");
        response.GetProperty("errors")[0].GetProperty("path").GetRawText().ShouldBe("""["vault","secret"]""");
    }

    [Fact]
    public async Task A_policy_is_evaluated_once_a_request_however_many_rows_and_fields_there_are()
    {
        SignIn("bob");
        var response = await server.ExecuteAsync("{ files(count: 50) { counted alsoCounted } }");
        CodesOf(response).ShouldBeEmpty();
        server.Service<IEnumerable<IAuthorizationHandler>>().OfType<CountedHandler>().Single().Calls.ShouldBe(1);
    }

    [Theory]
    [InlineData("mine")]
    [InlineData("mineSlowly")]
    public async Task A_resource_is_judged_by_itself(string field)
    {
        SignIn("user 1");
        var response = await server.ExecuteAsync($"{{ files(count: 3) {{ r: {field} {{ name }} }} }}");
        response.GetProperty("data").GetRawText()
            .ShouldBe("""{"files":[{"r":null},{"r":{"name":"file 1"}},{"r":null}]}""");
        response.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetRawText())
            .ShouldBe(["[\"files\",0,\"r\"]", "[\"files\",2,\"r\"]"]);
        CodesOf(response).ShouldBe(["FORBIDDEN", "FORBIDDEN"]);
        resolved.ShouldBe(["file 1"]);
    }

    [Fact]
    public async Task Errors_below_a_judged_row_have_the_path_of_that_row()
    {
        SignIn("user 2");
        var response = await server.ExecuteAsync("{ files(count: 3) { mine { broken } } }");
        response.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetRawText())
            .ShouldContain("[\"files\",2,\"mine\",\"broken\"]");
    }

    [Theory]
    [InlineData(null, "UNAUTHENTICATED")]
    [InlineData("bob", null)]
    public async Task A_subscription_is_decided_before_its_source_is_opened(string? name, string? code)
    {
        SignIn(name);
        var request = new GraphQLRequest("subscription { events }", null, default);
        var operation = server.Executor.Prepare(request, out _)!;
        await using var source = server.Executor.Subscribe(operation, server.State, Cancel.Test);
        var reading = async () =>
        {
            await foreach (var _ in source.ResponsesAsync(Cancel.Test))
            {
            }
        };
        if (code is null)
            await reading();
        else
            (await Should.ThrowAsync<SubscriptionEndedException>(reading)).Error.Code.ShouldBe(code);
        resolved.Count.ShouldBe(code is null ? 1 : 0);
    }

    [Fact]
    public async Task A_policy_that_nobody_has_defined_stops_the_start()
    {
        await using var other = InProcess.With(
            builder => builder.AddType(typeof(Misspelt)).Services.AddAuthorization());
        Should.Throw<GraphQLSchemaException>(() => other.Executor).Problems
            .ShouldBe(["Query.one (Misspelt.One): there is no policy \"Ownr\" for its [Authorize]."]);
    }

    [Fact]
    public async Task Resolvers_are_given_the_user()
    {
        SignIn("bob");
        (await server.TextAsync("{ me }")).ShouldBe("""{"data":{"me":"bob"}}""");
        server.State.Remove(nameof(ClaimsPrincipal));
        (await server.TextAsync("{ me }")).ShouldBe("""{"data":{"me":null}}""");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static string[] CodesOf(System.Text.Json.JsonElement response) =>
        response.TryGetProperty("errors", out var errors)
            ? [.. errors.EnumerateArray().Select(
                error => error.GetProperty("extensions").GetProperty("code").GetString()!)]
            : [];

    private void SignIn(string? name)
    {
        if (name is null)
            return;
        Claim[] claims = [new(ClaimTypes.Name, name), new(ClaimTypes.Role, name == "root" ? "admin" : "user")];
        server.State[nameof(ClaimsPrincipal)] = new ClaimsPrincipal(new ClaimsIdentity(claims, "test"));
    }

    public sealed class Counted : IAuthorizationRequirement;

    public sealed class CountedHandler : AuthorizationHandler<Counted>
    {
        public int Calls { get; private set; }

        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Counted requirement)
        {
            Calls++;
            context.Succeed(requirement);
            return Task.CompletedTask;
        }
    }

    public sealed class Slow : IAuthorizationRequirement;

    public sealed class SlowHandler : AuthorizationHandler<Slow>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, Slow requirement)
        {
            await Task.Yield();
            if (context.User.Identity?.IsAuthenticated == true)
                context.Succeed(requirement);
        }
    }

    public sealed class Owner : IAuthorizationRequirement;

    public sealed class OwnerHandler : AuthorizationHandler<Owner, File>
    {
        protected override Task HandleRequirementAsync(
            AuthorizationHandlerContext context, Owner requirement, File resource)
        {
            if (context.User.Identity?.Name == $"user {resource.Id}")
                context.Succeed(requirement);
            return Task.CompletedTask;
        }
    }

    public sealed record File(int Id)
    {
        public string Name => $"file {Id}";

        public string? Broken => throw new InvalidOperationException(Name);

        [Authorize("Counted")]
        public int? Counted => 1;

        [Authorize("Counted")]
        public int? AlsoCounted => 2;
    }

    [Authorize]
    public sealed record Document(string? Title);

    public sealed record Vault
    {
        [Authorize]
        public string Secret => "s";
    }

    public abstract record Box
    {
        [Authorize]
        public virtual string? Secret => "deep";
    }

    public sealed record Safe : Box
    {
        public override string? Secret => "deeper";
    }

    [InterfaceType]
    public interface IOwned
    {
        [Authorize]
        string? Owner { get; }
    }

    [ObjectType]
    public sealed record Note(string? Owner, string Text) : IOwned;

    [ObjectType<Document>]
    public static class DocumentFields
    {
        public static int? Pages() => 3;
    }

    [ObjectType<File>]
    public static class FileFields
    {
        [Authorize("Owner", PerParent = true)]
        public static File? Mine([Parent] File file, [GlobalState] List<string> resolved) => Seen(file, resolved);

        [Authorize("Slow")]
        [Authorize("Owner", PerParent = true)]
        public static File? MineSlowly([Parent] File file, [GlobalState] List<string> resolved) =>
            Seen(file, resolved);

        private static File Seen(File file, List<string> resolved)
        {
            resolved.Add(file.Name);
            return file;
        }
    }

    [QueryType]
    public static class Queries
    {
        public static Safe Safe() => new();

        [Authorize]
        public static int? SignedIn([GlobalState] List<string> resolved) => Seen(resolved);

        [Authorize(Roles = "admin,owner")]
        public static int? ForAdmins([GlobalState] List<string> resolved) => Seen(resolved);

        [Authorize("Broken")]
        public static int? Broken([GlobalState] List<string> resolved) => Seen(resolved);

        [Microsoft.AspNetCore.Authorization.Authorize]
        public static int? ByAspNetCore([GlobalState] List<string> resolved) => Seen(resolved);

        [Authorize("Slow")]
        public static int? Slow([GlobalState] List<string> resolved) => Seen(resolved);

        [Authorize("Slow")]
        [Authorize(Roles = "admin")]
        public static int? Both([GlobalState] List<string> resolved) => Seen(resolved);

        public static Document? Document() => new("t");

        public static Note? Note() => new("o", "n");

        public static Vault? Vault() => new();

        public static IEnumerable<File> Files(int count) => Enumerable.Range(0, count).Select(id => new File(id));

        public static string? Me(ClaimsPrincipal? user) => user?.Identity?.Name;

        internal static int Seen(List<string> resolved)
        {
            resolved.Add("");
            return 1;
        }
    }

    [QueryType]
    [Authorize]
    public static class Guarded
    {
        public static int? OfGuardedClass([GlobalState] List<string> resolved) => Queries.Seen(resolved);

        [AllowAnonymous]
        public static int? Open([GlobalState] List<string> resolved) => Queries.Seen(resolved);
    }

    [QueryType]
    public static class Misspelt
    {
        [Authorize("Ownr")]
        public static int One => 1;
    }

    [MutationType]
    public static class Mutations
    {
        [Authorize]
        public static int? Change([GlobalState] List<string> resolved) => Queries.Seen(resolved);
    }

    [SubscriptionType]
    public static class Subscriptions
    {
        [Authorize]
        [Subscribe(With = nameof(SourceAsync))]
        public static int Events([EventMessage] int number) => number;

        public static async IAsyncEnumerable<int> SourceAsync([GlobalState] List<string> resolved)
        {
            await Task.Yield();
            resolved.Add("opened");
            yield return 1;
        }
    }
}
