using Microsoft.AspNetCore.Authorization;

namespace Chat.GraphQL;

/// <summary>What one [Authorize] asks for; equal ones are decided once.</summary>
internal sealed record Authorization(string? Policy, string? Roles, bool PerParent)
{
    public IAuthorizeData ToData() => new AuthorizeAttribute(Policy) { Roles = Roles };
}
