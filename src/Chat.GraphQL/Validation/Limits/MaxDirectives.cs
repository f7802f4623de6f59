namespace Chat.GraphQL;

/// <summary>
/// <see cref="GraphQLOptions.MaxDirectives"/>. It concerns all places of a document, also those no operation uses.
/// </summary>
internal static class MaxDirectives
{
    public static void Check(ValidationContext context) => Check(context, context.Document);

    private static void Check(ValidationContext context, Node node)
    {
        var max = context.Options.MaxDirectives;
        if (node is IHasDirectives { Directives.Length: var count } && count > max)
        {
            context.Report(
                $"At most {max} directives may be used at one place.", [node], ErrorCodes.TooManyDirectives);
        }

        foreach (var child in node.Children)
            Check(context, child);
    }
}
