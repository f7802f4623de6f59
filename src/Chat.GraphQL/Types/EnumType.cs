namespace Chat.GraphQL;

/// <summary>A value of an enum type; <see cref="Value"/> is what resolvers see.</summary>
internal sealed record EnumMember(string Name, object Value, string? Description, string? DeprecationReason)
{
    /// <summary>Directives of the application that stand on the value.</summary>
    public IReadOnlyList<AppliedDirective> Applied { get; init; } = [];
}

/// <summary>Specification 3.9.</summary>
internal sealed class EnumType(string name, IReadOnlyList<EnumMember> members) : NamedType(name)
{
    private readonly Dictionary<string, EnumMember> byName =
        members.ToDictionary(member => member.Name, StringComparer.Ordinal);

    public IReadOnlyList<EnumMember> Members { get; } = members;

    public EnumMember? Find(string member) => byName.GetValueOrDefault(member);
}
