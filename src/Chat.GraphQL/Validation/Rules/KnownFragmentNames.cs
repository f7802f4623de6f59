namespace Chat.GraphQL;

/// <summary>Specification 5.5.2.1: fragments that are spread exist.</summary>
internal sealed class KnownFragmentNames(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is FragmentSpreadNode { Name: var name } && Context.FindFragment(name.Value) is null)
            Report($"Unknown fragment \"{name.Value}\".", name);
    }
}
