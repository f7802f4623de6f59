namespace Chat.GraphQL;

/// <summary>
/// The fields of merged selection sets on one type: those that count for every object, and those that a type condition
/// keeps to objects of one type.
/// </summary>
internal sealed class CostSelections(Schema schema, ExecutableDocument document, CompositeType type)
{
    private readonly Dictionary<string, Selected> common = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectType, Dictionary<string, Selected>> byObject = [];
    private readonly HashSet<(FragmentNode, ObjectType?)> visited = [];

    public IEnumerable<Selected> Common => common.Values;

    public IEnumerable<IEnumerable<Selected>> ByObject => byObject.Values.Select(fields => fields.Values);

    public void Collect(SelectionSetNode set) => Collect(type, null, set);

    private void Collect(CompositeType on, ObjectType? condition, SelectionSetNode set)
    {
        foreach (var selection in set.Selections)
        {
            switch (selection)
            {
                case FieldNode node:
                    Add(on, condition, node);
                    break;
                case InlineFragmentNode inline:
                    Collect(inline.TypeCondition, on, condition, inline.SelectionSet);
                    break;
                case FragmentSpreadNode spread:
                    var fragment = document.Fragments[spread.Name.Value];
                    if (visited.Add((fragment, condition)))
                        Collect(fragment.TypeCondition, on, condition, fragment.SelectionSet);
                    break;
            }
        }
    }

    private void Collect(NamedTypeNode? named, CompositeType on, ObjectType? condition, SelectionSetNode set)
    {
        var narrower = named is null ? on : (CompositeType)schema.FindType(named.Name.Value)!;
        // On an object type every condition that can hold does.
        Collect(narrower, type is ObjectType ? null : narrower as ObjectType ?? condition, set);
    }

    private void Add(CompositeType on, ObjectType? condition, FieldNode node)
    {
        var fields = common;
        if (condition is not null && !byObject.TryGetValue(condition, out fields))
            byObject.Add(condition, fields = new Dictionary<string, Selected>(StringComparer.Ordinal));
        if (fields.TryGetValue(node.ResponseName, out var known))
            known.Nodes.Add(node);
        else
            fields.Add(node.ResponseName, new Selected(FieldOf(on, node.Name.Value), [node]));
    }

    /// <summary>What an interface says of a field counts only where the object's type is not known.</summary>
    private Field FieldOf(CompositeType on, string name) =>
        (type is ObjectType ? schema.FieldOf(type, name) : null) ?? schema.FieldOf(on, name)!;

    /// <summary>Selections with one response name, which mean the same field.</summary>
    public sealed record Selected(Field Field, List<FieldNode> Nodes);
}
