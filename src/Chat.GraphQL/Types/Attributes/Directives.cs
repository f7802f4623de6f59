namespace Chat.GraphQL;

/// <summary>
/// Marks a class as a directive of the schema (specification 3.13). Its properties are the directive's arguments, its
/// name without "Directive" and "Attribute" the directive's name. A class that is an attribute itself is put on the
/// C# elements that the directive stands on; the printed schema shows it there.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DirectiveTypeAttribute(params DirectiveLocation[] locations) : Attribute
{
    /// <summary>Where the directive may stand; at least one place.</summary>
    public IReadOnlyList<DirectiveLocation> Locations { get; } = locations;

    /// <summary>Whether the directive may stand at one place several times.</summary>
    public bool IsRepeatable { get; init; }
}
