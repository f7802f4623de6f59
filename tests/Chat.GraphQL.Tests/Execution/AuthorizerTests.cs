using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>Fields that ask for several authorizations decide them on several threads at once.</summary>
public sealed class AuthorizerTests
{
    [Fact]
    public async Task A_policy_is_evaluated_once_by_all_who_come_to_it_side_by_side()
    {
        const int requests = 200;
        await using var server = InProcess.With(builder =>
        {
            builder.AddType(typeof(Queries)).Services
                .AddAuthorization(options =>
                {
                    options.AddPolicy("Own", policy => policy.AddRequirements(new Own()));
                    options.AddPolicy("Shared", policy => policy.AddRequirements(new Shared()));
                })
                .AddSingleton<IAuthorizationHandler, OwnHandler>()
                .AddSingleton<IAuthorizationHandler, SharedHandler>();
        });
        var query = "{ " + string.Join(' ', Enumerable.Range(0, 30).Select(i => $"f{i}: guarded")) + " }";
        for (var i = 0; i < requests; i++)
            (await server.TextAsync(query)).ShouldNotContain("errors");
        server.Service<IEnumerable<IAuthorizationHandler>>().OfType<SharedHandler>().Single()
            .Calls.ShouldBe(requests);
    }

    public sealed class Own : IAuthorizationRequirement;

    public sealed class Shared : IAuthorizationRequirement;

    /// <summary>Goes on with each field on a thread of the pool.</summary>
    public sealed class OwnHandler : AuthorizationHandler<Own>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, Own requirement)
        {
            await Task.Yield();
            context.Succeed(requirement);
        }
    }

    public sealed class SharedHandler : AuthorizationHandler<Shared>
    {
        private int calls;

        public int Calls => calls;

        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Shared requirement)
        {
            Interlocked.Increment(ref calls);
            context.Succeed(requirement);
            return Task.CompletedTask;
        }
    }

    [QueryType]
    public static class Queries
    {
        [Authorize("Own", PerParent = true)]
        [Authorize("Shared")]
        public static int? Guarded() => 1;
    }
}
