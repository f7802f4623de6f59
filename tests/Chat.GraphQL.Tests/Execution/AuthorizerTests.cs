using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL.Tests.Execution;

/// <summary>Fields that ask for several authorizations come to the second on threads of their own.</summary>
public sealed class AuthorizerTests
{
    private const int Requests = 50;

    [Fact]
    public async Task A_policy_is_evaluated_once_for_fields_that_come_to_it_side_by_side()
    {
        await using var server = InProcess.With(builder => builder.AddType(typeof(Queries)).Services
            .AddAuthorization(options =>
            {
                options.AddPolicy("Own", policy => policy.AddRequirements(new Own()));
                options.AddPolicy("Shared", policy => policy.AddRequirements(new Shared()));
            })
            .AddSingleton<IAuthorizationHandler, Handler>());
        for (var i = 0; i < Requests; i++)
            (await server.TextAsync("{ a: guarded b: guarded }")).ShouldBe("""{"data":{"a":1,"b":1}}""");
        server.Service<IEnumerable<IAuthorizationHandler>>().OfType<Handler>().Single()
            .SharedDecisions.ShouldBe(Requests);
    }

    public sealed class Own : IAuthorizationRequirement;

    public sealed class Shared : IAuthorizationRequirement;

    public sealed class Handler : IAuthorizationHandler
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

        private int ownDecisions;
        private int sharedDecisions;

        public int SharedDecisions => sharedDecisions;

        public async Task HandleAsync(AuthorizationHandlerContext context)
        {
            var requirement = context.Requirements.Single();
            if (requirement is Own)
            {
                await Task.Yield();
                Interlocked.Increment(ref ownDecisions);
            }
            else
            {
                // The other field is about to ask for the same, while this is not decided yet.
                var request = Interlocked.Increment(ref sharedDecisions);
                SpinWait.SpinUntil(() => Volatile.Read(ref ownDecisions) >= 2 * request, Patience);
            }

            context.Succeed(requirement);
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
