using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.GraphQL;

/// <summary>Finds what a field's attributes ask of the user: its own, its class's and its object's.</summary>
internal sealed class AuthorizationRules(
    IServiceProviderIsService? services, Func<string, bool>? knowsPolicy, SchemaProblems problems)
{
    public IReadOnlyList<Authorization> Of(MemberInfo member, Type? parentType, string place)
    {
        IEnumerable<MemberInfo> from = member.GetCustomAttributes(inherit: false).OfType<IAllowAnonymous>().Any()
            ? [member]
            : [member, .. new[] { member.DeclaringType, parentType }.OfType<Type>().Distinct()];
        List<IAuthorizeData> asked = [.. from.SelectMany(Asked).Distinct()];
        if (asked.Count == 0)
            return [];
        if (services is not null && !services.IsService(typeof(IAuthorizationService)))
        {
            problems.Add(
                place, "it is marked [Authorize], but the application has no authorization: AddAuthorization.");
        }

        foreach (var policy in asked.Select(data => data.Policy).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (knowsPolicy?.Invoke(policy) == false)
                problems.Add(place, $"there is no policy \"{policy}\" for its [Authorize].");
        }

        if (asked.Any(data => data.AuthenticationSchemes is not null))
            problems.Add(place, "[Authorize] with authentication schemes is not supported.");
        return [.. asked.Select(data => new Authorization(
            data.Policy, data.Roles, data is AuthorizeAttribute { PerParent: true })).Distinct()];
    }

    /// <summary>Whether somebody may believe that the element is protected.</summary>
    public static bool IsMarked(MemberInfo element) => Asked(element).Any();

    /// <summary>What an overriding property inherits counts too; the member's own method leaves it out.</summary>
    private static IEnumerable<IAuthorizeData> Asked(MemberInfo element) =>
        Attribute.GetCustomAttributes(element, inherit: true).OfType<IAuthorizeData>();
}
