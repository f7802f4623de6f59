using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL;

/// <summary>
/// Decides what the user of a request may do. A policy is evaluated once, and once for each resource.
/// </summary>
internal sealed class Authorizer(OperationRun run)
{
    private static readonly ClaimsPrincipal Nobody = new(new ClaimsIdentity());

    // A field that asks for several goes on with the second on whatever thread the first was decided on.
    private readonly ConcurrentDictionary<Authorization, Lazy<Task<GraphQLException?>>> decided = new();

    private ClaimsPrincipal User => RequestState.UserOf(run.State) ?? Nobody;

    /// <summary>The refusal, or null, for the request as a whole.</summary>
    public Task<GraphQLException?> DecideAsync(Authorization authorization) => decided.GetOrAdd(
        authorization,
        static (asked, self) => new Lazy<Task<GraphQLException?>>(() => self.DecideAsync(asked, null)),
        this).Value;

    /// <summary>The refusal, or null, for one resource.</summary>
    public async Task<GraphQLException?> DecideAsync(Authorization authorization, object? resource)
    {
        var services = run.Services;
        var policy = await AuthorizationPolicy.CombineAsync(
            services.GetRequiredService<IAuthorizationPolicyProvider>(), [authorization.ToData()]);
        var result = await services.GetRequiredService<IAuthorizationService>()
            .AuthorizeAsync(User, resource, policy!);
        if (result.Succeeded)
            return null;
        return User.Identity?.IsAuthenticated == true
            ? new GraphQLException("This is not allowed.", ErrorCodes.Forbidden)
            : new GraphQLException("Nobody is signed in.", ErrorCodes.Unauthenticated);
    }
}
