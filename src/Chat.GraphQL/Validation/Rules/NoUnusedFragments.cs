namespace Chat.GraphQL;

/// <summary>Specification 5.5.1.4: all fragments are used.</summary>
internal sealed class NoUnusedFragments(ValidationContext context) : ValidationRule(context)
{
    public override void Leave(Node node)
    {
        if (node is not DocumentNode document)
            return;
        var used = Context.FragmentsOf(document.Definitions.OfType<OperationNode>())
            .Select(fragment => fragment.Name.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var fragment in document.Definitions.OfType<FragmentNode>())
        {
            if (!used.Contains(fragment.Name.Value))
                Report($"Fragment \"{fragment.Name.Value}\" is never used.", fragment);
        }
    }
}
