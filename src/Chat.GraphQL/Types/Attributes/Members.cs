namespace Chat.GraphQL;

/// <summary>Gives a type, field, argument, input field or enum value its name in the schema.</summary>
[AttributeUsage(AttributeTargets.All)]
public sealed class GraphQLNameAttribute(string name) : Attribute
{
    /// <summary>A name as in specification 2.1.9; names that begin with two underscores are reserved.</summary>
    public string Name { get; } = name;
}

/// <summary>Leaves a member out of the schema.</summary>
[AttributeUsage(AttributeTargets.All)]
public sealed class GraphQLIgnoreAttribute : Attribute;

/// <summary>
/// Describes a schema element to the reader of the schema (specification 3.2.1). Markdown is allowed.
/// </summary>
[AttributeUsage(AttributeTargets.All)]
public sealed class GraphQLDescriptionAttribute(string description) : Attribute
{
    /// <summary>The text.</summary>
    public string Description { get; } = description;
}

/// <summary>
/// Marks a field, argument, input field or enum value as deprecated (specification 3.13.3). What C# itself marks
/// <see cref="ObsoleteAttribute"/> is deprecated too.
/// </summary>
[AttributeUsage(AttributeTargets.All)]
public sealed class GraphQLDeprecatedAttribute(string reason = DirectiveType.NoReason) : Attribute
{
    /// <summary>Why, and what to use instead.</summary>
    public string Reason { get; } = reason;
}

/// <summary>
/// The default value of an argument or input field that C# cannot express as a default parameter value.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class DefaultValueAttribute(object? value) : Attribute
{
    /// <summary>A value of the member's C# type.</summary>
    public object? Value { get; } = value;
}

/// <summary>Maps a member to the scalar ID (specification 3.5.5) instead of the scalar of its C# type.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Method)]
public sealed class IDAttribute : Attribute;
