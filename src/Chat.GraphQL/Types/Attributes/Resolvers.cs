using Microsoft.AspNetCore.Authorization;

namespace Chat.GraphQL;

/// <summary>
/// Marks a resolver that is called once for all parents of a wave: its parameter marked <see cref="ParentAttribute"/>
/// is a list or an array of them, and it returns a list (or a task of one) with a result for each, in their
/// order. A list of another length is an error of each of them.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BatchResolverAttribute : Attribute;

/// <summary>
/// Protects a field, or all fields of a class, by the application's ASP.NET Core authorization: the error is
/// UNAUTHENTICATED when nobody is signed in and FORBIDDEN otherwise. It is decided before the resolver is called, once
/// a request, and for a subscription before its source stream is opened. What several attributes ask for, those of
/// implemented interfaces included, must all be fulfilled. Other attributes that are <see cref="IAuthorizeData"/> do
/// the same; one that is <see cref="IAllowAnonymous"/> on a method lifts what its class asks for.
/// </summary>
/// <param name="policy">The name of a policy; without one and without roles, being signed in is enough.</param>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Method |
    AttributeTargets.Property,
    AllowMultiple = true)]
public sealed class AuthorizeAttribute(string? policy = null) : Attribute, IAuthorizeData
{
    /// <summary>The name of the policy; null for the default one.</summary>
    public string? Policy { get; set; } = policy;

    /// <summary>Roles, separated by commas, of which the user must have one.</summary>
    public string? Roles { get; set; }

    /// <summary>
    /// Not supported, since the user is known before GraphQL is asked: a value stops the start.
    /// </summary>
    public string? AuthenticationSchemes { get; set; }

    /// <summary>
    /// Decides for each object anew: the object that the field is resolved on is the policy's resource.
    /// </summary>
    public bool PerParent { get; set; }
}
