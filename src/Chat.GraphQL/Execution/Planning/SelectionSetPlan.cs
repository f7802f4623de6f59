namespace Chat.GraphQL;

/// <summary>The merged fields of a selection set on one object type, in the order of the response.</summary>
internal sealed class SelectionSetPlan(ObjectType type, FieldPlan[] fields)
{
    public ObjectType Type { get; } = type;

    public FieldPlan[] Fields { get; } = fields;
}
