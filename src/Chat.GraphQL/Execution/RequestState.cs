using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace Chat.GraphQL;

/// <summary>What transports put into the state of a request before interceptors see it.</summary>
internal static class RequestState
{
    /// <summary>The entry of the user; none when nobody was authenticated.</summary>
    public const string User = nameof(ClaimsPrincipal);

    public static Dictionary<string, object?> Of(HttpContext http)
    {
        var state = new Dictionary<string, object?>(StringComparer.Ordinal);
        // The context would make an empty user for requests that have none.
        if (http.Features.Get<IHttpAuthenticationFeature>()?.User is { } user)
            state.Add(User, user);
        return state;
    }

    public static ClaimsPrincipal? UserOf(IReadOnlyDictionary<string, object?> state) =>
        state.TryGetValue(User, out var user) ? user as ClaimsPrincipal : null;
}
