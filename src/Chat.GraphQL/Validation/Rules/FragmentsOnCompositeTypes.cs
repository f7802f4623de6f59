namespace Chat.GraphQL;

/// <summary>Specification 5.5.1.3: fragments are for objects, interfaces and unions.</summary>
internal sealed class FragmentsOnCompositeTypes(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        switch (node)
        {
            case InlineFragmentNode { TypeCondition: { } condition } when IsLeaf(condition):
                Report($"Fragment cannot condition on non composite type \"{condition}\".", condition);
                break;
            case FragmentNode { TypeCondition: var condition } fragment when IsLeaf(condition):
                Report(
                    $"Fragment \"{fragment.Name.Value}\" cannot condition on non composite type \"{condition}\".",
                    condition);
                break;
        }
    }

    private bool IsLeaf(NamedTypeNode condition) =>
        Context.Schema.FindType(condition.Name.Value) is not (null or CompositeType);
}
