namespace Chat.GraphQL;

/// <summary>Specification 5.3.3: selections end at scalars and enums, and nowhere else.</summary>
internal sealed class ScalarLeafs(ValidationContext context) : ValidationRule(context)
{
    public override void Enter(Node node)
    {
        if (node is not FieldNode field || Context.Types.Type is not { } type)
            return;
        var name = field.Name.Value;
        if (type.Named is not CompositeType && field.SelectionSet is not null)
        {
            Report(
                $"Field \"{name}\" must not have a selection since type \"{type}\" has no subfields.",
                field.SelectionSet);
        }
        else if (type.Named is CompositeType && field.SelectionSet is null)
        {
            Report(
                $"Field \"{name}\" of type \"{type}\" must have a selection of subfields. " +
                $"Did you mean \"{name} {{ ... }}\"?", field);
        }
    }
}
