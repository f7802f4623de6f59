namespace Chat.GraphQL;

/// <summary>Specification 5.5.2.3: a fragment can apply where it is spread.</summary>
internal sealed class PossibleFragmentSpreads(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (Context.Types.ParentType is not { } parent)
            return;
        switch (node)
        {
            case InlineFragmentNode when Context.Types.Type is CompositeType type && !Schema.Overlap(type, parent):
                Report(
                    $"Fragment cannot be spread here as objects of type \"{parent}\" can never be of type \"{type}\".",
                    node);
                break;
            case FragmentSpreadNode spread when TypeOf(spread) is { } type && !Schema.Overlap(type, parent):
                Report(
                    $"Fragment \"{spread.Name.Value}\" cannot be spread here as objects of type \"{parent}\" " +
                    $"can never be of type \"{type}\".", node);
                break;
        }
    }

    private CompositeType? TypeOf(FragmentSpreadNode spread) =>
        Context.FindFragment(spread.Name.Value) is { } fragment
            ? Context.Schema.FindType(fragment.TypeCondition.Name.Value) as CompositeType
            : null;
}
