namespace Chat.GraphQL;

/// <summary>The words for values that are none of an enum type.</summary>
internal static class EnumMessages
{
    public static string NonEnum(EnumType type, string shown, bool suggest) =>
        $"Enum \"{type}\" cannot represent non-enum value: {shown}.{DidYouMean(type, shown, suggest)}";

    public static string NonString(EnumType type, string shown, bool suggest) =>
        $"Enum \"{type}\" cannot represent non-string value: {shown}.{DidYouMean(type, shown, suggest)}";

    public static string Unknown(EnumType type, string name, bool suggest) =>
        $"Value \"{name}\" does not exist in \"{type}\" enum.{DidYouMean(type, name, suggest)}";

    private static string DidYouMean(EnumType type, string name, bool suggest) => suggest
        ? Suggestions.DidYouMean(Suggestions.For(name, type.Members.Select(member => member.Name)), "the enum value ")
        : "";
}
