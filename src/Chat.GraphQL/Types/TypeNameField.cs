namespace Chat.GraphQL;

/// <summary>The meta field <c>__typename</c>, which every composite type has (specification 4.1).</summary>
internal static class TypeNameField
{
    public const string Name = "__typename";

    public static readonly Field Definition = new(Name, Scalars.String.NonNull)
    {
        Weight = 0,
        Description = "The name of the current Object type at runtime.",
    };
}
